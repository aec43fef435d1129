"""What the site says of itself: to anybody, and to the student who asks."""

from demo.campus import SITE_NAME
from demo.services.call import Call
from demo.wire import PLUGIN_VERSION, Json

_FEATURES = {
    "usecomments": 1,
    "usetags": 1,
    "enablenotes": 1,
    "messaging": 1,
    "enableblogs": 1,
    "enablecompletion": 1,
    "enablebadges": 1,
    "messagingallusers": 0,
    "enablecustomreports": 1,
    "enableglobalsearch": 0,
    "mnet_dispatcher_mode": 0,
    "enablecompetencies": 1,
}


def site_info(call: Call, function_names: tuple[str, ...]) -> Json:
    """The site and the student who asks."""
    student = call.student
    return {
        "sitename": SITE_NAME,
        "username": student.username,
        "firstname": student.firstname,
        "lastname": student.lastname,
        "fullname": student.fullname,
        "lang": "en",
        "userid": student.id,
        "siteurl": call.site,
        "userpictureurl": call.icon("core", "u/f1"),
        "functions": [{"name": name, "version": PLUGIN_VERSION} for name in function_names],
        "downloadfiles": 1,
        "uploadfiles": 1,
        "release": "4.4.3+ (Build: 20240910)",
        "version": PLUGIN_VERSION,
        "mobilecssurl": "",
        "advancedfeatures": [
            {"name": name, "value": value} for name, value in _FEATURES.items()
        ],
        "usercanmanageownfiles": True,
        "userquota": 104_857_600,
        "usermaxuploadfilesize": 209_715_200,
        "userhomepage": 1,
        "userprivateaccesskey": call.campus.access_key_of(student),
        "siteid": 1,
        "sitecalendartype": "gregorian",
        "usercalendartype": "gregorian",
        "userissiteadmin": False,
        "theme": "boost",
        "limitconcurrentlogins": 0,
        "policyagreed": 0,
    }


def public_config(
    site: str, *, type_of_login: int, maintenance: bool, web_services: bool
) -> Json:
    """What the site tells anybody; the type of login is 1 (in the app), 2 or 3 (browser)."""
    return {
        "wwwroot": site,
        "httpswwwroot": site,
        "sitename": SITE_NAME,
        "guestlogin": 0,
        "rememberusername": 2,
        "authloginviaemail": 0,
        "registerauth": "",
        "forgottenpasswordurl": "",
        "authinstructions": "",
        "authnoneenabled": 0,
        "enablewebservices": int(web_services),
        "enablemobilewebservice": int(web_services),
        "maintenanceenabled": int(maintenance),
        "maintenancemessage": "",
        "typeoflogin": type_of_login,
        "launchurl": f"{site}/admin/tool/mobile/launch.php",
        "mobilecssurl": "",
        "tool_mobile_disabledfeatures": "",
        "country": "0",
        "agedigitalconsentverification": False,
        "supportpage": "",
        "supportavailability": 1,
        "autolang": 1,
        "lang": "en",
        "langmenu": 1,
        "langlist": "",
        "locale": "",
        "tool_mobile_minimumversion": "",
        "tool_mobile_iosappid": "",
        "tool_mobile_androidappid": "",
        "tool_mobile_setuplink": "",
        "tool_mobile_qrcodetype": 1,
        "warnings": [],
    }
