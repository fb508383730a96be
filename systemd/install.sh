#!/bin/bash
# Installs Martlet as a systemd service, from a clone of its source.
#
#   systemd/install.sh [install]    build a release, install it below --prefix, enable it, start it
#   systemd/install.sh uninstall    stop it and take all of that away again, but the state and the user that owns it
#   systemd/install.sh deb          build martlet_VERSION_ARCH.deb into --output
#
#   --prefix DIR      where programs, units and pages go (/usr/local)
#   --products DIR    take programs that are built already: martletd, martlet, martlet-manual
#   --output DIR      where the Debian package goes (the current folder)
#   --no-start        install only
#   DESTDIR=DIR       in the environment: put everything below DIR, and touch nothing that runs
#
# Running it again is safe: what is the same stays, a configuration that was changed is never touched, and a running
# service is not restarted, because its messages are in its memory.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
prefix=/usr/local products= output=. start=yes verb=
destination=${DESTDIR:-}

main() {
    while [ $# -gt 0 ]; do
        case $1 in
        install | uninstall | deb) verb=$1 ;;
        --prefix | --products | --output) [ $# -gt 1 ] || usage; printf -v "${1#--}" %s "$2"; shift ;;
        --no-start) start=no ;;
        *) usage ;;
        esac
        shift
    done
    stage=$(mktemp -d)
    trap 'rm -rf "$stage"' EXIT
    "${verb:-install}_martlet"
}

usage() {
    sed -n '4,6s/^# *//p; 8,12s/^# */  /p' "$0" >&2
    exit 64
}

say() { echo "install.sh: $*" >&2; }
end() { say "$*"; exit 1; }

# What is kept of a state lies elsewhere: /var/lib/martlet, /etc/martlet.
manifest() { echo "$destination$prefix/share/martlet/manifest"; }
is_live() { [ -z "$destination" ] && [ -d /run/systemd/system ]; }
needs_root() { [ -n "$destination" ] || [ "$(id -u)" = 0 ] || end "this needs root"; }

install_martlet() {
    needs_root
    put_together "$prefix" "$prefix/lib/systemd/system"
    copy
    configure
    is_live || return 0
    systemd-sysusers "$prefix/lib/sysusers.d/martlet.conf"
    systemd-tmpfiles --create "$prefix/lib/tmpfiles.d/martlet.conf"
    journalctl --update-catalog
    systemctl daemon-reload
    [ $start = yes ] || return 0
    systemctl enable --quiet martletd.socket martletd.service
    if systemctl --quiet is-active martletd.service; then
        [ "$changed" = no ] || say "the service goes on as it was; systemctl restart martletd loses its messages"
    else
        systemctl start martletd.socket martletd.service
    fi
    say "installed; try: martlet ping"
}

uninstall_martlet() {
    needs_root
    [ -e "$(manifest)" ] || { say "nothing is installed below $prefix"; return 0; }
    if is_live; then
        systemctl disable --now --quiet martletd.service martletd.socket || say "the service could not be stopped"
    fi
    local example=$destination$prefix/share/martlet/martletd.json5 file=$destination/etc/martlet/martletd.json5
    if cmp -s "$example" "$file"; then rm "$file"; elif [ -e "$file" ]; then say "kept, because it was changed: $file"; fi
    local paths path
    mapfile -t paths <"$(manifest)"
    for path in "${paths[@]}"; do [[ $path == */ ]] || rm -f "$destination$path"; done
    # Folders that we have made, the innermost first, unless somebody else uses them by now.
    printf '%s\n' "${paths[@]}" | grep '/$' | sort -r | while read -r path; do
        rmdir --ignore-fail-on-non-empty "$destination$path"
    done
    [ ! -d "$destination/etc/martlet" ] || rmdir --ignore-fail-on-non-empty "$destination/etc/martlet"
    is_live || return 0
    rm -rf /run/martlet
    journalctl --update-catalog
    systemctl daemon-reload
    say "taken away, but for /var/lib/martlet and the user martlet, who owns it"
}

# Builds what is not built, and lays everything out below $stage as it will stand.
put_together() {
    local prefix=$1 units=$2
    [ -n "$products" ] || build
    local share=$stage$prefix/share
    install -Dt "$stage$prefix/bin" "$products/martletd" "$products/martlet"
    strip --strip-unneeded "$stage$prefix/bin"/*
    for unit in martletd.service martletd.socket; do
        install -Dm644 "$root/systemd/$unit" "$stage$units/$unit"
        sed -i "s|=/usr/bin/|=$prefix/bin/|" "$stage$units/$unit"
    done
    install -Dm644 "$root/systemd/martlet.sysusers" "$stage$prefix/lib/sysusers.d/martlet.conf"
    install -Dm644 "$root/systemd/martlet.tmpfiles" "$stage$prefix/lib/tmpfiles.d/martlet.conf"
    install -Dm644 "$root/systemd/martletd.catalog" "$stage$prefix/lib/systemd/catalog/martletd.catalog"
    install -Dm644 "$root/Config/martletd.json5" "$share/martlet/martletd.json5"
    "$products/martlet-manual" "$stage/pages" "$root"
    for page in "$stage"/pages/*; do
        install -Dm644 "$page" "$share/man/man${page##*.}/${page##*/}"
        gzip -9n "$share/man/man${page##*.}/${page##*/}"
    done
    rm -r "$stage/pages"
    for program in martletd martlet; do completions "$program" "$share"; done
}

build() {
    local options=(-c release --static-swift-stdlib --package-path "$root" --scratch-path "$root/.build")
    say "building a release; this takes a few minutes"
    for product in martletd martlet martlet-manual; do swift build "${options[@]}" --product $product >&2; done
    products=$(swift build "${options[@]}" --show-bin-path)
}

completions() {
    local program=$1 share=$2
    mkdir -p "$share"/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
    # It is read by a shell and not run: no first line that names one.
    "$products/$program" --generate-completion-script bash | sed '1{/^#!/d}' >"$share/bash-completion/completions/$program"
    "$products/$program" --generate-completion-script zsh >"$share/zsh/vendor-completions/_$program"
    "$products/$program" --generate-completion-script fish >"$share/fish/vendor_completions.d/$program.fish"
}

# Copies what differs from what is there, and takes away what an earlier version had and this one has not.
copy() {
    changed=no
    (cd "$stage" && find . -type f -printf '/%P\n' | sort) >"$stage.list"
    echo "$prefix/share/martlet/manifest" >>"$stage.list"
    if [ -e "$(manifest)" ]; then
        comm -23 <(grep -v '/$' "$(manifest)" | sort) <(sort "$stage.list") | while read -r path; do
            rm -f "$destination$path"
        done
    fi
    new_folders >"$stage.folders"
    while read -r path; do
        [ -e "$stage$path" ] && ! cmp -s "$stage$path" "$destination$path" || continue
        # Under another name first: a program that runs cannot be written to, but it can be replaced.
        install -Dm"$(stat -c %a "$stage$path")" "$stage$path" "$destination$path.new"
        mv -f "$destination$path.new" "$destination$path"
        changed=yes
    done <"$stage.list"
    cat "$stage.folders" >>"$stage.list"
    install -Dm644 "$stage.list" "$(manifest)"
    rm "$stage.list" "$stage.folders"
}

# What uninstall may take away: folders that are not there yet, or that an earlier installation has made.
new_folders() {
    (cd "$stage" && find . -mindepth 1 -type d -printf '/%P/\n') | sort | while read -r path; do
        [ -d "$destination$path" ] && ! grep -qxF "$path" "$(manifest)" 2>/dev/null || echo "$path"
    done
}

configure() {
    local file=$destination/etc/martlet/martletd.json5
    [ -e "$file" ] || install -Dm644 "$root/Config/martletd.json5" "$file"
}

deb_martlet() {
    command -v dpkg-deb dpkg-shlibdeps >/dev/null || end "dpkg-dev is needed: apt-get install dpkg-dev"
    local version architecture
    version=$(sed -n 's/.*current = "\(.*\)"/\1/p' "$root/Sources/martletd/Version.swift")
    architecture=$(dpkg --print-architecture)
    # Where Debian 12 wants units; below /usr is its place since.
    put_together /usr /lib/systemd/system
    ! readelf -d "$stage"/usr/bin/* | grep -q 'NEEDED.*libswift' ||
        end "these programs need Swift where they run: build them with --static-swift-stdlib"
    mkdir -p "$stage/DEBIAN"
    configuration_of_package
    documents "$version"
    control "$version" "$architecture"
    for script in postinst prerm postrm; do install -m755 "$root/systemd/debian/$script" "$stage/DEBIAN/$script"; done
    (cd "$stage" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum) >"$stage/DEBIAN/md5sums"
    find "$stage" -type d -exec chmod 755 {} +
    dpkg-deb --root-owner-group --build "$stage" "$output/martlet_${version}_$architecture.deb"
}

configuration_of_package() {
    install -Dm644 "$root/Config/martletd.json5" "$stage/etc/martlet/martletd.json5"
    echo /etc/martlet/martletd.json5 >"$stage/DEBIAN/conffiles"
}

documents() {
    local folder=$stage/usr/share/doc/martlet
    install -Dm644 "$root/systemd/debian/copyright" "$folder/copyright"
    printf 'martlet (%s) unstable; urgency=medium\n\n  * See the history of the source.\n\n -- %s  %s\n' \
        "$1" "$(maintainer)" "$(last_commit %aD || date -R)" | gzip -9n >"$folder/changelog.gz"
    chmod 644 "$folder/changelog.gz"
}

# Nothing, and a failure, where the source has no history.
last_commit() { git -C "$root" log -1 --format="$1" 2>/dev/null; }

maintainer() {
    echo "${DEBFULLNAME:-$(last_commit %an || id -un)} <${DEBEMAIL:-$(last_commit %ae || echo "$(id -un)@$(uname -n)")}>"
}

# What the programs are linked with is found out, not guessed.
control() {
    local work libraries
    work=$(mktemp -d)
    mkdir "$work/debian"
    printf 'Source: martlet\n\nPackage: martlet\nArchitecture: any\n' >"$work/debian/control"
    libraries=$(cd "$work" && dpkg-shlibdeps -O "$stage"/usr/bin/* | sed -n 's/^shlibs:Depends=//p')
    rm -r "$work"
    [ -n "$libraries" ] || end "dpkg-shlibdeps does not say what the programs are linked with"
    cat >"$stage/DEBIAN/control" <<END
Package: martlet
Version: $1
Architecture: $2
Maintainer: $(maintainer)
Installed-Size: $(du -sk --exclude=DEBIAN "$stage" | cut -f1)
Depends: $libraries, systemd (>= 252), init-system-helpers (>= 1.54)
Section: net
Priority: optional
Description: message broker that a person can drive from telnet
 Martlet keeps queues of messages between programs on one machine or on a
 network. Its protocol is a line of JSON for each request and each reply.
 .
 This package has the daemon, which runs as a hardened systemd service with
 socket activation, and a command line to talk to it.
END
}

main "$@"
