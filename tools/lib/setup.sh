# SPDX-License-Identifier: MIT
# Find out what is missing on this machine and get it. Installs by itself only with apt (Debian and
# its relatives); elsewhere it names the packages and stops. Asks nothing. Sourced.
# shellcheck shell=bash

packages_file=$root/tools/lib/packages

# is_there PROBE: whether this machine has what a line of tools/lib/packages looks for.
is_there() {
    case $1 in
    font) [ -e /usr/share/consolefonts/Unifont-APL8x16.psf.gz ] ;;
    window) qemu-system-x86_64 -display help 2>/dev/null | grep -Eq '^(gtk|sdl|cocoa)$' ;;
    bochs-bios) [ -e /usr/share/bochs/BIOS-bochs-latest ] || [ "$(uname)" = Darwin ] ;;
    bochs-x) bochs_has x_gui ;;
    bochs-term) bochs_has term_gui ;;
    blkid.h) header_compiles blkid/blkid.h ;;
    grub-pc) [ -e /usr/lib/grub/i386-pc/multiboot2.mod ] ;;
    cmocka) header_compiles cmocka.h ;;
    unicorn) header_compiles unicorn/unicorn.h ;;
    sanitizers) clang -fsanitize=address,undefined -x c - -o /dev/null 2>/dev/null \
        <<<'int main(void){return 0;}' ;;
    chromium) { command -v chromium || command -v chromium-browser ||
        command -v google-chrome; } >/dev/null 2>&1 ;;
    undionly) [ -e /usr/lib/ipxe/undionly.kpxe ] || [ -e /usr/share/ipxe/undionly.kpxe ] ;;
    ipxe-roms) [ -e /usr/lib/ipxe/qemu/pxe-e1000.rom ] || [ -e /usr/share/ipxe/qemu/8086100e.rom ] ||
        [ -e /usr/share/qemu/pxe-e1000.rom ] ;;
    newlib-source) stands_there /usr/src/newlib/newlib-*.tar.xz ;;
    gcc-source) stands_there /usr/src/gcc-12/gcc-12*.tar.xz ;;
    pytest) /usr/bin/python3 -c 'import pytest' 2>/dev/null ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# stands_there FILE...: whether the first is there; for a pattern, whether anything fits it.
stands_there() {
    [ -e "$1" ]
}

# bochs_has PLUGIN: whether Bochs is here and comes with it; builds without plugin files have it
# inside.
bochs_has() {
    local folder
    command -v bochs >/dev/null 2>&1 || return 1
    for folder in /usr/lib/*/bochs/plugins /usr/lib*/bochs/plugins; do
        if [ -d "$folder" ]; then
            [ -e "$folder/libbx_$1.so" ]
            return
        fi
    done
}

# Not by a pipe: a compiler that does not read all of it would make the writer fail, and so the probe.
header_compiles() {
    clang -fsyntax-only -x c - 2>/dev/null <<EOF
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <$1>
EOF
}

# missing_rows NEED...: the lines of the list whose need is asked for and whose probe fails.
missing_rows() {
    local need probe names wanted
    while read -r need probe names; do
        for wanted in "$@"; do
            if [ "$need" = "$wanted" ] && ! is_there "$probe"; then
                printf '%s %s %s\n' "$need" "$probe" "$names"
            fi
        done
    done < <(grep -v '^#' "$packages_file")
}

# names_in_column ROWS COLUMN: what a distribution calls the missing things, each once.
names_in_column() {
    awk -v column="$2" '$column != "-" && !seen[$column]++ { print $column }' <<<"$1"
}

# package_manager: the first one that is here, by the name of its program.
package_manager() {
    local name
    for name in apt-get dnf pacman zypper brew; do
        if command -v "$name" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    echo none
}

# set_up NEED...: after this, what these needs ask for is installed, or the script has stopped.
set_up() {
    local rows
    rows=$(missing_rows "$@")
    [ -n "$rows" ] || return 0
    say "Missing on this machine: $(awk '!seen[$2]++ { printf "%s ", $2 }' <<<"$rows")"
    case $(package_manager) in
    apt-get) install_with_apt "$(names_in_column "$rows" 3)" ;;
    dnf) name_packages 'sudo dnf install' "$rows" 4 ;;
    pacman) name_packages 'sudo pacman -S --needed' "$rows" 5 ;;
    zypper) name_packages 'sudo zypper install' "$rows" 6 ;;
    brew) name_packages 'brew install' "$rows" 7 ;;
    *) fail "no package manager known here; install these yourself, then try again" ;;
    esac
    rows=$(missing_rows "$@")
    [ -z "$rows" ] || fail "still missing after the installation:" \
        "$(awk '!seen[$2]++ { printf "%s ", $2 }' <<<"$rows")"
}

name_packages() {
    local names
    names=$(names_in_column "$2" "$3" | tr -d '?' | tr '\n' ' ')
    say "Only apt is run by this script. Here, this installs what has a package:"
    say "    $1 $names"
    if grep -q ' font ' <<<"$2"; then
        say "and GNU Unifont as a PSF console font is expected at" \
            "/usr/share/consolefonts/Unifont-APL8x16.psf.gz (Debian package psf-unifont)."
    fi
    fail "install them, then run this again"
}

# as_root COMMAND...: with sudo when we are not root; without a terminal sudo may not ask.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 "$@" \
        </dev/null
}

# apt_known NAMES: the names apt can install now. "NAME?" may be unknown to it; others may not.
apt_known() {
    local name
    for name in $1; do
        if apt-cache show "${name%\?}" >/dev/null 2>&1; then
            echo "${name%\?}"
        elif [ "$name" = "${name%\?}" ]; then
            return 1
        fi
    done
}

install_with_apt() {
    local wanted names
    wanted=$1
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
        fail "not root and no sudo here; as root, run: apt-get install" \
            "$(tr -d '?' <<<"$wanted" | tr '\n' ' ')"
    fi
    say "Installing with apt: $(tr -d '?' <<<"$wanted" | tr '\n' ' ')"
    # Package lists may be absent or old: fetch them when a name is unknown or a download fails.
    if names=$(apt_known "$wanted") && install_names "$names"; then
        return
    fi
    apt_get update || fail "apt-get update failed: no network, no privilege, or another apt at work"
    names=$(apt_known "$wanted") ||
        fail "this release lacks one of: $(tr '\n' ' ' <<<"$wanted")"
    install_names "$names" || fail "apt-get install failed; its message is above"
}

install_names() {
    # shellcheck disable=SC2086 # one word per package
    apt_get install --no-install-recommends $1
}
