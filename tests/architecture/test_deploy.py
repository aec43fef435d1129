"""What a host starts fits together: the image, the services, the cluster, the proxy."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import crossplane
import pytest
import yaml

from studymaster.config import Settings
from studymaster.jobs import QUEUES
from studymaster.passage import CARDS_COME_IN

ROOT = Path(__file__).parents[2]
IMAGE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
CLUSTER = ROOT / "deploy/kubernetes"
RUNTIME = {
    "WEB_WORKERS": "operate.serve",
    "WEB_FOLDER": "operate.serve",
    "REFLEX_DIR": "Reflex",
    "HOME": "libraries that keep a cache",
    "REDIS_PASSWORD": "the Redis beside us",
    "AWS_ACCESS_KEY_ID": "boto3",
    "AWS_SECRET_ACCESS_KEY": "boto3",
}
"""Names that are read by something else than our settings, and by what."""


def objects(kind: str) -> dict[str, dict]:
    """Return the cluster's objects of a kind by name."""
    files = [path for path in CLUSTER.glob("*.yaml") if path.stem != "kustomization"]
    found = chain.from_iterable(yaml.safe_load_all(path.read_text()) for path in files)
    return {one["metadata"]["name"]: one for one in found if one["kind"] == kind}


def pods() -> dict[str, dict]:
    """Return the specification of every pod, by the name of what starts it."""
    starters = objects("Deployment") | objects("StatefulSet")
    return {name: one["spec"]["template"]["spec"] for name, one in starters.items()}


def containers() -> Iterator[dict]:
    """Yield every container of every pod."""
    for pod in pods().values():
        yield from [*pod.get("initContainers", []), *pod["containers"]]


def test_every_volume_of_ours_belongs_to_the_account_that_writes_it() -> None:
    (account,) = re.findall(r"^USER (\d+)$", IMAGE, re.MULTILINE)
    owned = re.findall(r"install --directory --owner=(\d+) --group=\d+ (\S+)", IMAGE)
    folders = {v.partition(":")[2] for service in OURS.values() for v in service["volumes"]}
    assert folders
    assert {(account, folder) for folder in folders} <= set(owned)


def test_files_are_kept_in_a_volume() -> None:
    for service in OURS.values():
        kept = {volume.partition(":")[2] for volume in service["volumes"]}
        assert service["environment"]["STORAGE_DIR"] in kept


def test_only_what_listens_is_asked_whether_it_answers() -> None:
    assert "HEALTHCHECK" not in IMAGE
    assert {name for name, service in OURS.items() if "healthcheck" in service} == {"web"}


def test_compose_starts_every_part_of_the_founding_document() -> None:
    assert {"web", "worker", "beat", "postgres", "redis"} <= set(SERVICES)


@pytest.mark.parametrize("place", ["compose", "kubernetes"])
def test_every_queue_is_heard_and_one_clock_ticks(place: str) -> None:
    commands = {
        "compose": [service.get("command", "") for service in OURS.values()],
        "kubernetes": [" ".join(one.get("command", [])) for one in containers()],
    }[place]
    heard = re.findall(r"--queues=(\S+)", " ".join(commands))
    assert sorted(heard) == sorted(set(QUEUES.values()))
    assert sum("workers.app beat" in command for command in commands) == 1


def test_the_cluster_is_made_of_every_file_but_the_secrets() -> None:
    listed = yaml.safe_load((CLUSTER / "kustomization.yaml").read_text())["resources"]
    files = {path.name for path in CLUSTER.glob("*.yaml")}
    assert files - set(listed) == {"kustomization.yaml", "secret.example.yaml"}
    assert set(listed) <= files


def test_the_cluster_names_only_settings_that_somebody_reads() -> None:
    named = set(objects("ConfigMap")["studymaster"]["data"])
    named |= set(objects("Secret")["studymaster"]["stringData"])
    known = {name.upper() for name in Settings.model_fields}
    assert named <= known | set(RUNTIME)
    assert {"DATABASE_URL", "REDIS_URL", "FERNET_KEYS", "JWT_SECRET"} <= named
    assert {"S3_BUCKET", "PUBLIC_URL"} <= named


def test_the_clock_is_one_and_never_two_at_a_change() -> None:
    beat = objects("Deployment")["beat"]["spec"]
    assert (beat["replicas"], beat["strategy"]["type"]) == (1, "Recreate")


def test_no_pod_may_do_more_than_it_must() -> None:
    for name, pod in pods().items():
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["automountServiceAccountToken"] is False, name
    for one in containers():
        rights = one["securityContext"]
        assert rights["readOnlyRootFilesystem"], one["name"]
        assert rights["allowPrivilegeEscalation"] is False, one["name"]
        assert rights["capabilities"]["drop"] == ["ALL"], one["name"]
        assert one["resources"]["limits"]["memory"], one["name"]


def test_the_image_and_the_pods_agree_on_who_runs() -> None:
    (account,) = re.findall(r"^USER (\d+)$", IMAGE, re.MULTILINE)
    for name in objects("Deployment"):
        assert pods()[name]["securityContext"]["runAsUser"] == int(account)


def test_several_pods_share_the_load_and_one_always_stays() -> None:
    scale = objects("HorizontalPodAutoscaler")["web"]["spec"]
    assert scale["minReplicas"] >= 2
    assert objects("PodDisruptionBudget")["web"]["spec"]["minAvailable"] >= 1
    service = objects("Service")["web"]["spec"]["selector"]
    labels = objects("Deployment")["web"]["spec"]["template"]["metadata"]["labels"]
    assert service.items() <= labels.items()


def test_a_pod_that_cannot_reach_its_stores_gets_no_students() -> None:
    (web,) = pods()["web"]["containers"]
    assert web["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert web["livenessProbe"]["httpGet"]["path"] == "/healthz"


def test_only_the_product_reaches_redis() -> None:
    (rule,) = objects("NetworkPolicy")["redis"]["spec"]["ingress"]
    wanted = rule["from"][0]["podSelector"]["matchLabels"].items()
    for name, one in objects("Deployment").items():
        assert wanted <= one["spec"]["template"]["metadata"]["labels"].items(), name


def proxy() -> list[dict]:
    """Return nginx's directives as its own parser reads them."""
    parsed = crossplane.parse(str(ROOT / "deploy/nginx.conf"), single=True)
    assert parsed["status"] == "ok", parsed["errors"]
    return parsed["config"][0]["parsed"]


def lines(block: list[dict], name: str) -> list[list[str]]:
    """Return the arguments of every directive of a name, at any depth."""
    found = [one["args"] for one in block if one["directive"] == name]
    for one in block:
        found += lines(one.get("block", []), name)
    return found


def location(path: str) -> list[dict]:
    """Return what the proxy does with a path."""
    https = [one for one in blocks(proxy(), "server") if lines(one, "ssl_certificate")]
    (server,) = https
    (found,) = [
        one["block"]
        for one in server
        if one["directive"] == "location" and one["args"][-1] == path
    ]
    return found


def blocks(block: list[dict], name: str) -> list[list[dict]]:
    """Return the contents of every block of a name, at any depth."""
    here = [one for one in block if one["directive"] == name and "block" in one]
    found = [one["block"] for one in here]
    for one in block:
        found += blocks(one.get("block", []), name)
    return found


def test_the_proxy_speaks_http_2_and_compresses() -> None:
    assert lines(proxy(), "http2") == [["on"]]
    assert ["on"] in lines(proxy(), "gzip")
    assert "application/json" in lines(proxy(), "gzip_types")[0]


def test_the_proxy_keeps_what_never_changes_for_a_year() -> None:
    headers = lines(location("/assets/"), "add_header")
    assert ["Cache-Control", "public, max-age=31536000, immutable"] in headers
    assert lines(location("/assets/"), "proxy_cache") == [["assets"]]


def test_the_proxy_lets_websockets_through() -> None:
    headers = dict(lines(proxy(), "proxy_set_header"))
    assert headers["Upgrade"] == "$http_upgrade"
    assert headers["Connection"] == "$connection_upgrade"


def test_the_proxy_takes_every_file_that_we_take() -> None:
    usual, cards = (megabytes(size) for (size,) in lines(proxy(), "client_max_body_size"))
    assert [[f"{cards}m"]] == lines(location(CARDS_COME_IN), "client_max_body_size")
    assert lines(location(CARDS_COME_IN), "proxy_request_buffering") == [["off"]]
    fields = Settings.model_fields
    assert usual > fields["file_limit_mb"].default
    assert cards > fields["import_limit_mb"].default
    ingress = objects("Ingress")["web"]["metadata"]["annotations"]
    assert megabytes(ingress["nginx.ingress.kubernetes.io/proxy-body-size"]) == cards


def megabytes(size: str) -> int:
    return int(size.removesuffix("m"))


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_the_proxy_keeps_figures_inside(path: str) -> None:
    assert lines(location(path), "return") == [["404"]]
    routes = objects("Ingress")["web"]["spec"]["rules"][0]["http"]["paths"]
    services = {one["path"]: one["backend"]["service"]["name"] for one in routes}
    assert services[path] == "nowhere"


def test_the_proxy_says_who_asks_and_believes_nobody_about_it() -> None:
    headers = dict(lines(proxy(), "proxy_set_header"))
    assert headers["X-Forwarded-For"] == "$remote_addr"
    # What stands in a location would replace all of the server's headers.
    assert all(
        not lines(block, "proxy_set_header") for block in blocks(proxy(), "location")
    )


def test_what_the_proxy_says_is_believed_wherever_there_is_one() -> None:
    (pool,) = COMPOSE["networks"]["default"]["ipam"]["config"]
    for service in OURS.values():
        assert service["environment"]["TRUSTED_PROXIES"] == pool["subnet"]
    trusted = objects("ConfigMap")["studymaster"]["data"]["TRUSTED_PROXIES"]
    for networks in (trusted, pool["subnet"]):
        (network,) = Settings(trusted_proxies=networks).trusted_proxies
        assert network.is_private
        assert network.prefixlen >= 16
