"""The same three answers as the portal, as one writes them with Django: its default
middleware, sessions in the database."""

import hashlib
import hmac
import os
import time
import urllib.parse

import django
from django.conf import settings

ROWS = int(os.environ.get("ROWS", "1000"))
settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="a secret of the peer",
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "django.db", "CONN_MAX_AGE": None}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", {
            "base.html": '<!doctype html><html lang="es"><head><title>Portal</title></head><body><header>'
            '<span>{{ user }}</span><nav><ul>{% for link in nav %}<li><a href="/{{ link }}">{{ link }}</a></li>'
            "{% endfor %}</ul></nav></header><main>{% block main %}{% endblock %}</main></body></html>",
            "first.html": '{% extends "base.html" %}{% block main %}<form method="post">{% csrf_token %}'
            '{% for one in choices %}<label><input type="radio" name="kind" value="{{ one.value }}"> {{ one.label }}'
            "</label><p>{{ one.hint }}</p>{% endfor %}<button>Continuar</button></form>{% endblock %}",
            "list.html": '{% extends "base.html" %}{% block main %}<table>{% for row in rows %}<tr><td>'
            '<a href="/requests/{{ row.id }}">{{ row.holder }}</a></td><td>{{ row.kind }}</td><td>{{ row.state }}</td>'
            '<td>{{ row.at|date:"j F Y" }}</td></tr>{% endfor %}</table>{% endblock %}',
        })])]},
    }],
)
django.setup()

from django.contrib.auth import login  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core import signing  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpResponse, HttpResponseRedirect  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

NAV = ["Inicio", "Emitir", "Renovar", "Certificados", "Historial"]
# As many bytes as the portal's page.
CHOICES = [{"value": n, "label": f"Opción {n}", "hint": "Texto de ayuda. " * 48} for n in range(6)]


class Request(models.Model):
    owner = models.ForeignKey(User, models.CASCADE)
    holder = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        app_label = "portal"
        indexes = [models.Index(fields=["owner", "id"], name="of_owner")]


def prepare():
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Request)
    ana = User.objects.create_user("ana")
    at = timezone.now()
    one = (Request(owner=ana, holder=f"CARMEN GARCÍA {n}", kind="person", state="issued", at=at) for n in range(ROWS))
    Request.objects.bulk_create(one, batch_size=1000)


def enter(request):
    login(request, User.objects.get(username="ana"))
    return HttpResponse(get_token(request))


@login_required
def first(request):
    return render(request, "first.html", {"user": request.user.username, "nav": NAV, "choices": CHOICES})


@login_required
def listed(request):
    rows = Request.objects.filter(owner=request.user).order_by("-id")[:20]
    return render(request, "list.html", {"user": request.user.username, "nav": NAV, "rows": rows})


@login_required
def start(request):
    query = urllib.parse.urlencode({"partner": "ACME", "time": time.time(), "url": "https://portal.example/callback"})
    mac = hmac.new(b"shared key", query.encode(), hashlib.sha256).hexdigest()
    answer = HttpResponseRedirect(f"https://redtrust.example/login?{query}&hmac={mac}", status=303)
    answer.set_cookie("attempt", signing.dumps({"go": "home"}), httponly=True, samesite="Lax")
    return answer


urlpatterns = [path("enter", enter), path("first", first), path("list", listed), path("start", start)]
application = get_wsgi_application()
if __name__ == "__main__":
    prepare()
