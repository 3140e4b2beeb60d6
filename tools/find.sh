# Where the tests' own tools are on this machine. Sourced by tools/setup-tests, tools/test-servers and tools/e2e;
# each function prints a path, or fails and prints nothing.
# shellcheck shell=bash

# Python with the mail sink's library, and that library's version.
smtp_venv=.tools/smtp
smtp_library=aiosmtpd==1.4.6

# What asks the server whatever its description allows, and its version.
schemathesis_venv=.tools/schemathesis
schemathesis_package=schemathesis==4.32.5
# The same with a server of S3.
s3_venv=.tools/s3
s3_library=moto==5.2.5

# The folder of PostgreSQL's programs, newest first, 15 or newer.
find_postgres() {
    local bin version
    for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v postgres || echo /none/postgres)")"; do
        version=$("$bin/postgres" --version 2>/dev/null | grep -oE '[0-9]+' | head -n 1) || continue
        if [ "$version" -ge 15 ] && [ -x "$bin/initdb" ] && [ -x "$bin/psql" ]; then
            echo "$bin"
            return
        fi
    done
    return 1
}

find_psql() {
    local bin
    if bin=$(find_postgres); then echo "$bin/psql"; else command -v psql; fi
}

# A browser that starts: Ubuntu's `chromium-browser` can be an empty shell around a snap that is not there. The headless
# shell is preferred: the same engine without the windows, menus and tabs that nobody sees, a third less work a story.
find_chromium() {
    local name
    for name in "${TAPAK_TEST_CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$name" ] && "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    return 1
}

find_s3_python() {
    local python=$PWD/$s3_venv/bin/python
    "$python" -c "import importlib.metadata as m, flask; assert m.version('moto') == '${s3_library#*==}'" 2>/dev/null || return 1
    echo "$python"
}

find_smtp_python() {
    local python=$PWD/$smtp_venv/bin/python
    "$python" -c "import importlib.metadata as m; assert m.version('aiosmtpd') == '${smtp_library#*==}'" 2>/dev/null || return 1
    echo "$python"
}

find_schemathesis() {
    local bin=$PWD/$schemathesis_venv/bin
    "$bin/python" -c "import importlib.metadata as m; assert m.version('schemathesis') == '${schemathesis_package#*==}'" 2>/dev/null || return 1
    echo "$bin/schemathesis"
}
