#!/bin/sh
# Make .venv and install into it exactly what one requirements file pins.
# Usage: prepare.sh REQUIREMENTS STAMP   (run from the root of the project; prints one sentence a step)
set -eu
requirements=$1
stamp=$2

stop() {
    echo "handrail: $1" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if command -v "$python" >/dev/null && new_enough "$python"; then
            echo "$python"
            return
        fi
    done
    stop "Python 3.11 or newer is needed. On Debian or Ubuntu: sudo apt-get install python3 python3-venv"
}

make_environment() {
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"
    echo "Making the environment in .venv with $("$python" --version)"
    "$python" -m venv --clear .venv ||
        stop "the environment in .venv could not be made; the lines above say why."
}

{ [ -x .venv/bin/pip ] && new_enough .venv/bin/python; } || make_environment
rm -f "$stamp"
echo "Installing the packages that $requirements pins (a minute or two the first time)"
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
    --progress-bar off --prefer-binary -r "$requirements" ||
    stop "the packages could not be installed; the lines above say why. Is there a connection?"

# The project's own rooms are found from anywhere: `.venv/bin/python -m moderation`, `.venv/bin/pelican`.
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd -P >"$packages/handrail.pth"
touch "$stamp"
