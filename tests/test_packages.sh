# test_packages.sh - what packages are made of, as far as it can be seen without a Debian root (those are in `make check-packages`): the places
# of an installation, flags and tools of a build, the tarball, and that lists and versions of debian/ and configs/packaging/ are the Makefile's.
. tests/lib.sh
unset MAKEFLAGS MFLAGS MAKELEVEL
cc=${CC:-cc}
# of VARIABLE: what the Makefile has for it, a word a line
of() { printf 'include Makefile\nthe-value:\n\t@printf "%%s\\n" $(%s)\n' "$1" | make -s --no-print-directory -f - BUILD="$BUILD" CC="$cc" the-value | sort; }
version=$(sed -n 's/.*LONGHAUL_VERSION "\(.*\)"/\1/p' include/longhaul/base.h)

# ---- an installation where Debian has its files
places="PREFIX=/usr LIBDIR=/usr/lib/some-multiarch UNITDIR=/usr/lib/systemd/system SYSUSERSDIR=/usr/lib/sysusers.d"
# shellcheck disable=SC2086
make -s -o all BUILD="$BUILD" CC="$cc" DESTDIR="$work/root" $places install >"$work/log" 2>&1
is "make install, with LIBDIR: exit status" $? 0
is "LIBDIR: the libraries and longhaul.pc are there, and nowhere else" \
    "$(cd "$work/root" && find . \( -name '*.a' -o -name '*.so*' -o -name '*.pc' \) ! -path './usr/lib/some-multiarch/*')$(ls "$work/root/usr/lib/some-multiarch/liblonghaul.a")" \
    "$work/root/usr/lib/some-multiarch/liblonghaul.a"
is "nothing is outside of /usr" "$(ls "$work/root")" usr
is "no file names /usr/local" "$(cd "$work/root" && grep -rIl /usr/local . | grep -v -e '/README\.md$' -e '/CHANGES$')" ""
is "the sysusers file is a user's and nothing more" "$(grep -cv '^#' "$work/root/usr/lib/sysusers.d/longhaul.conf") $(grep -c '^u longhaul - ' "$work/root/usr/lib/sysusers.d/longhaul.conf")" "1 1"
if command -v pkg-config >/dev/null; then
    is "longhaul.pc has LIBDIR" "$(PKG_CONFIG_PATH=$work/root/usr/lib/some-multiarch/pkgconfig pkg-config --variable=libdir longhaul)" /usr/lib/some-multiarch
else
    skip "longhaul.pc has LIBDIR: needs pkg-config"
fi
# owner FILE: the packages whose lists have it, of Debian and of the RPM
owners() {
    case $1 in usr/share/doc/longhaul/LICENSE | usr/share/doc/longhaul/CHANGES) echo none; return ;; esac
    # shellcheck disable=SC2254
    for list in debian/*.install; do while read -r pattern; do case $1 in $pattern | $pattern/*) echo "$list" ;; esac; done <"$list"; done
}
is "each file that is installed is in one of Debian's packages" "$(cd "$work/root" && find usr -type f -o -type l | while read -r f; do (cd - >/dev/null && n=$(owners "$f" | wc -l) && [ "$n" = 1 ] || echo "$f: $n"); done)" ""
sed -n '/^%files/,$p' configs/packaging/longhaul.spec | grep '^%{' | sed 's|%{_prefix}|usr|; s|%{_bindir}|usr/bin|; s|%{_unitdir}|usr/lib/systemd/system|; s|%{_sysusersdir}|usr/lib/sysusers.d|
    s|%{_mandir}|usr/share/man|; s|%{_includedir}|usr/include|; s|%{_libdir}|usr/lib/some-multiarch|' >"$work/spec"
# shellcheck disable=SC2254
is "... and of the RPM's" "$(cd "$work/root" && find usr -type f -o -type l | while read -r f; do n=0; while read -r pattern; do case $f in $pattern | $pattern/*) n=$((n + 1)) ;; esac; done <"$work/spec"; [ $n = 1 ] || echo "$f: $n"; done)" ""
released=$(sed -n 's/^## \[[0-9.]*\] - //p' CHANGES | head -n 1)
is "the manual pages have the date of the newest version in CHANGES, all the same, whatever the language" "$(cat "$work/root"/usr/share/man/man*/* | grep '^\.Dd' | sort -u)" \
    ".Dd $(LC_ALL=C date -u -d "$released" '+%B %-d, %Y')"
is "and none of their own" "$(grep -L '^\.Dd \$Mdocdate\$$' man/*.[1-8])" ""
# shellcheck disable=SC2086
make -s BUILD="$BUILD" CC="$cc" DESTDIR="$work/root" $places uninstall >"$work/log" 2>&1
is "make uninstall, with LIBDIR, leaves no file" "$(find "$work/root" ! -type d)" ""

# ---- a build of somebody else's: each compiler call has CPPFLAGS and CFLAGS, each link CFLAGS and LDFLAGS; CC names the other tools
make -n -B V=1 HAVE_CALLBACK=1 HAVE_IPERF=1 BUILD="$work/none" CC="$cc" CPPFLAGS=-DTHE_CPPFLAGS CFLAGS='-O2 -DTHE_CFLAGS' LDFLAGS=-Wl,-z,now \
    all test-programs 2>/dev/null >"$work/commands"
check "commands of a build are seen" test "$(grep -c ' -c \(lib\|cli\)/' "$work/commands")" -gt 100
is "each object is compiled with CPPFLAGS and CFLAGS" "$(grep ' -c \(lib\|cli\)/' "$work/commands" | grep -v -e '-DTHE_CPPFLAGS .*-DTHE_CFLAGS' | head -n 3)" ""
is "what is installed is linked with CFLAGS and LDFLAGS" "$(grep -e "-o $work/none/longhaul\$" -e '^[^#]*-Wl,-soname,' "$work/commands" | grep -c -e '-DTHE_CFLAGS .*-Wl,-z,now')" 2
printf '#!/bin/sh\ncase $1 in -print-prog-name=*) echo "/elsewhere/${1#*=}" ;; *) exec %s "$@" ;; esac\n' "$cc" >"$work/other-cc" && chmod 755 "$work/other-cc"
make -n -B V=1 BUILD="$work/none" CC="$work/other-cc" all 2>/dev/null >"$work/commands"
is "the linker, the archiver and objcopy are those of CC" "$(grep -oE '(^|[ ;])(/[a-z]+/)?(ld|ar|objcopy) (-r|rcs|--wildcard)' "$work/commands" | awk '{ print $1 }' | sort | tr '\n' ' ')" \
    "/elsewhere/ar /elsewhere/ld /elsewhere/objcopy "
make -n -B V=1 BUILD="$work/none" CC="$work/other-cc" OBJCOPY=mine LD=my-ld AR=my-ar all 2>/dev/null >"$work/commands"
is "and those that are named win" "$(grep -oE '(^|[ ;])(mine|my-ld|my-ar) ' "$work/commands" | tr -d ' ;' | LC_ALL=C sort -u | tr '\n' ' ')" "mine my-ar my-ld "

# ---- the tarball
if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$PWD" ]; then
    first=$work/dist/longhaul-$version.tar.gz
    make -s BUILD="$work/dist" CC="$cc" dist >"$work/log" 2>/dev/null
    is "make dist says where the tarball is" "$(tail -n 1 "$work/log")" "$first"
    is "make dist: all that git has, in a folder with the version, and nothing else" "$(tar -tzf "$first" | grep -v '/$' | sed "s|^longhaul-$version/||" | sort)" \
        "$(git ls-tree -r --name-only HEAD | sort)"
    (umask 0077 && TZ=Asia/Tokyo LC_ALL=C make -s BUILD="$work/again" CC="$cc" dist >/dev/null 2>&1)
    check "make dist: the same bytes once more, with another umask and zone" cmp "$first" "$work/again/longhaul-$version.tar.gz"
    mkdir "$work/unpacked" && tar -xzf "$first" -C "$work/unpacked"
    (cd "$work/unpacked/longhaul-$version" && make -s BUILD=build CC="$cc" dist >"$work/log" 2>&1)
    check "make dist, where there is no git: fails" test $? != 0
    like "... and says why" "$(cat "$work/log")" "packs what git has; this folder is not a clone"
else
    skip "make dist: needs a clone"
fi

# ---- debian/ and the spec say what the Makefile and the headers say
# field KIND NAME FIELD: the packages of a field in the paragraph "KIND: NAME" of debian/control, without what is filled in, one a line
field() {
    awk -v RS= -v begin="$1: $2" 'index($0, begin "\n") == 1' debian/control | awk -v field="$3:" '/^[^ ]/ { on = $1 == field; next } on { print $1 }' |
        tr -d ',' | grep -v -e '^\$' -e '^debhelper-compat' -e '^dh-sequence-' | sort
}
libraries=$(of DEMO_PACKAGES | grep -- '-dev$' | grep -v '^libc6-dev$')
check "the Makefile's libraries are seen" test "$(echo "$libraries" | wc -l)" -ge 7
is "Build-Depends: the libraries that make demo installs" "$(field Source longhaul Build-Depends)" "$libraries"
is "liblonghaul-dev depends on those that longhaul.pc can name" "$(field Package liblonghaul-dev Depends)" \
    "$(echo "$libraries" | grep -vE '^lib(iperf|curl4-openssl)-dev$')"
is "... and recommends what only a program needs that sends days to a database" "$(field Package liblonghaul-dev Recommends)" libcurl4-openssl-dev
is "Recommends: what make demo installs and starts or reads" "$(field Package longhaul Recommends)" \
    "$(of DEMO_PACKAGES | grep -v -e '-dev$' -e '^gcc$' -e '^pkg-config$')"
soname=$(of SONAME)
is "the package of the shared library has the soname's version" "$(ls debian/*.symbols) $(grep -cx "Package: liblonghaul${soname#*.so.}" debian/control)" \
    "debian/liblonghaul${soname#*.so.}.symbols 1"
sed -n 's/^ \(longhaul_[a-z0-9_]*\)@Base [0-9.]*$/\1/p' debian/*.symbols | sort >"$work/symbols"
sed -n 's/.*\b\(longhaul_[a-z0-9_]*\)(.*/\1/p' include/longhaul/*.h | grep -vE '_cb$' | sort -u >"$work/functions"
is "its symbols file lacks no function of the headers" "$(comm -13 "$work/symbols" "$work/functions" | sed "s/.*/ &@Base $version/")" ""
is "... and has no other" "$(comm -23 "$work/symbols" "$work/functions")" ""
# ---- CHANGES, as Keep a Changelog has it
is "CHANGES: versions, with days, and no other heads" "$(grep '^## ' CHANGES | grep -vE '^## (\[Unreleased\]|\[[0-9]+\.[0-9]+\.[0-9]+\] - [0-9]{4}-[0-9]{2}-[0-9]{2})$')" ""
is "CHANGES: the newest version is the header's, the first is the newest" "$(sed -n 's/^## \[\([0-9.]*\)\].*/\1/p' CHANGES | head -n 1) $(sed -n 's/^## \[\([0-9.]*\)\].*/\1/p' CHANGES | sort -rVc 2>&1)" "$version "
is "CHANGES: the kinds of changes, each once in a version, in their order" "$(awk '/^## / { last = 0 } /^### / { n = index(" Added Changed Deprecated Removed Fixed Security ", " " $2 " "); if (n <= last) print FNR ": " $0; last = n }' CHANGES)" ""
is "CHANGES: everything below a version is an entry of one of them" "$(awk '/^## / { on = 1; kind = 0 } /^### / { kind = 1; next } on && !kind && !/^(## .*)?$/ || kind && !/^(- |  [^ ]|## |$)/ { print FNR ": " $0 }' CHANGES)" ""
is "debian/changelog has the day of that version" "$(sed -n 's/^ -- .*>  //p' debian/changelog | head -n 1 | LC_ALL=C date -u -f - +%Y-%m-%d)" "$released"
is "so has the spec" "$(sed -n 's/^Version: //p' configs/packaging/longhaul.spec)" "$version"
is "debian/changelog begins with this version" "$(sed -n '1s/^longhaul (\([0-9.]*\)-[^)]*) .*/\1/p' debian/changelog)" "$version"
done_testing
