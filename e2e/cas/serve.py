"""A real CAS 3.0 server for the journey of sign-in: django-cas-server, in a throwaway SQLite base, on loopback.

serve.py FOLDER PORT [LOGIN:PASSWORD…] prints one line of JSON, {"url": …}, once it listens. PORT 0 takes a free one. It ends when its
standard input closes: a test that dies leaves nothing behind.
"""
import json
import os
import secrets
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path

folder, port, users = sys.argv[1], int(sys.argv[2]), [user.split(":", 1) for user in sys.argv[3:]]

settings.configure(
    SECRET_KEY=secrets.token_hex(32),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    LANGUAGE_CODE="en",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(folder, "cas.db")}},
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
        "django.contrib.staticfiles", "cas_server",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]},
    }],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # quick: these users live for one test
    STATIC_URL="static/",
    # A cookie of its own: two sites of one machine share theirs, whatever their ports.
    SESSION_COOKIE_NAME="cas_session",
    CSRF_COOKIE_NAME="cas_csrf",
    CAS_AUTH_CLASS="cas_server.auth.DjangoAuthUser",
    CAS_REDIRECT_TO_SERVICE_AFTER_LOGOUT=True,
    CAS_NEW_VERSION_HTML_WARNING=False,
    CAS_INFO_MESSAGES_ORDER=[],
    CAS_SHOW_POWERED=False,
    # Nothing is fetched from the outside.
    CAS_COMPONENT_URLS={name: "/absent" for name in (
        "bootstrap3_css", "bootstrap3_js", "html5shiv", "respond", "bootstrap4_css", "bootstrap4_js", "jquery",
    )},
)
django.setup()
urlpatterns = [path("cas/", include("cas_server.urls", namespace="cas_server"))]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def main():
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0, interactive=False)
    from cas_server.models import ServicePattern
    from django.contrib.auth.models import User

    ServicePattern.objects.create(
        pos=1, name="Telemaque", pattern=r"^http://127\.0\.0\.1:\d+/connexion(/cas)?(\?.*)?$", single_log_out=True,
    )
    for login, password in users:
        User.objects.create_user(login, email=f"{login}@exemple.fr", password=password)
    application = get_wsgi_application()
    server = Server(("127.0.0.1", port), Quiet)
    server.set_app(application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}/cas"}), flush=True)
    sys.stdin.read()


main()
