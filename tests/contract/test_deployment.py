"""What is deployed: on one host by compose, on many by Kubernetes."""

from tests.contract.deployed import directives, named, objects, services, value_of
from tests.contract.lines import contract
from workers.app import celery

PRODUCT = ("web", "worker", "sync-worker", "beat")


def words_of(name: str) -> list[str]:
    return services()[name]["command"].split()


@contract("Compose service: backend and frontend")
def test_compose_serves_pages_and_interface_on_port_8000() -> None:
    web = services()["web"]
    assert web["build"] == ".."
    assert web["ports"] == ["127.0.0.1:8000:8000"]
    assert set(web["depends_on"]) >= {"migrate", "redis"}
    assert "/api/v1/health" in str(web["healthcheck"]["test"])


@contract("Compose service: postgres")
def test_compose_brings_postgres_and_everything_reaches_it() -> None:
    postgres = services()["postgres"]
    assert "pg" in postgres["image"]
    assert postgres["volumes"] == ["database:/var/lib/postgresql"]
    for name in PRODUCT:
        assert "@postgres:5432" in services()[name]["environment"]["DATABASE_URL"]


@contract("Compose service: redis")
def test_compose_brings_redis_and_everything_reaches_it() -> None:
    redis = services()["redis"]
    assert redis["image"].partition(":")[0] in {"redis", "valkey/valkey"}
    for name in PRODUCT:
        assert "@redis:6379" in services()[name]["environment"]["REDIS_URL"]


@contract("Compose service: celery")
def test_compose_has_a_worker_for_every_queue_and_one_beat() -> None:
    heard = set()
    for name in ("worker", "sync-worker"):
        command = words_of(name)
        assert command[:4] == ["celery", "-A", "workers.app", "worker"]
        heard |= {word.removeprefix("--queues=") for word in command if "queues" in word}
    assert heard == {queue.name for queue in celery.conf.task_queues}
    beats = [name for name in services() if "beat" in services()[name].get("command", "")]
    assert beats == ["beat"]


@contract("Production: load-balanced instances")
def test_two_or_more_web_pods_stand_behind_one_service() -> None:
    pods, service = named("Deployment", "web"), named("Service", "web")
    scaler = named("HorizontalPodAutoscaler", "web")["spec"]
    assert scaler["minReplicas"] >= 2
    assert scaler["scaleTargetRef"]["name"] == "web"
    labels = pods["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"].items() <= labels.items()
    (web,) = pods["spec"]["template"]["spec"]["containers"]
    assert web["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert web["livenessProbe"]["httpGet"]["path"] == "/healthz"


@contract("Production: Redis")
def test_redis_keeps_its_data_and_is_watched() -> None:
    redis = named("StatefulSet", "redis")["spec"]
    (container,) = redis["template"]["spec"]["containers"]
    assert "--requirepass" in container["args"]
    assert container["volumeMounts"] == [{"name": "data", "mountPath": "/data"}]
    assert "readinessProbe" in container
    assert named("Service", "redis")["spec"]["ports"][0]["port"] == 6379


@contract("Production: PostgreSQL by reference, replicated by its host")
def test_postgres_is_named_by_a_secret_and_not_run_here() -> None:
    assert not [one for one in objects() if "postgres" in str(one).lower()]
    for name in PRODUCT:
        (container,) = named("Deployment", name)["spec"]["template"]["spec"]["containers"]
        sources = [source for one in container["envFrom"] for source in one]
        assert sources == ["configMapRef", "secretRef"]


@contract("Production: S3 for file storage")
def test_files_lie_in_a_bucket_and_in_no_pod() -> None:
    settings = named("ConfigMap", "studymaster")["data"]
    assert settings["S3_BUCKET"] == "studymaster"
    assert settings["S3_ENDPOINT_URL"].startswith("https://")
    for name in PRODUCT:
        volumes = named("Deployment", name)["spec"]["template"]["spec"]["volumes"]
        assert all("emptyDir" in one for one in volumes), name


@contract("Production: nginx ingress")
def test_an_nginx_ingress_leads_to_the_pods_over_tls_and_hides_the_figures() -> None:
    ingress = named("Ingress", "web")["spec"]
    assert ingress["ingressClassName"] == "nginx"
    assert ingress["tls"][0]["hosts"] == [ingress["rules"][0]["host"]]
    paths = {
        one["path"]: one["backend"]["service"]["name"]
        for one in ingress["rules"][0]["http"]["paths"]
    }
    assert paths == {"/": "web", "/metrics": "nowhere", "/readyz": "nowhere"}
    (upstream,) = directives("upstream")
    assert value_of(upstream, "server") == ["web:8000"]
