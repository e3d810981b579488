# longhaul. Everything that is made goes under $(BUILD); `make help` lists the targets.

BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= cc
CFLAGS  ?= -O2 -g
WARN     = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wvla -Wconversion
SANITIZE =
# The compiler's own linker, archiver and objcopy, so that CC=aarch64-linux-gnu-gcc is all that a cross build needs.
tool_of  = $(if $(filter default undefined,$(origin $1)),$(shell $(CC) -print-prog-name=$2),$($1))
LD      := $(call tool_of,LD,ld)
AR      := $(call tool_of,AR,ar)
OBJCOPY := $(call tool_of,OBJCOPY,objcopy)

# Each file that is made is one short line; V=1 shows the whole commands, -s nothing.
say      = $(if $(or $(filter 1,$(V)),$(findstring s,$(firstword -$(MAKEFLAGS)))),,@printf '  %-6s %s\n' '$(1)' '$(or $(2),$@)';)
quiet    = $(if $(filter 1,$(V)),,@)
# make demo and make check build on all cores, unless -j says how many.
CORES    = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

# ---- what this machine has. HAVE_IPERF: no libiperf, no `run` and no `serve`; the analyzing half stands alone.
try      = $(shell printf '%b' '$(1)' | $(CC) -x c -fsyntax-only - 2>/dev/null && echo 1)
IPERF_A := $(shell $(CC) -print-file-name=libiperf.a)
ifneq ($(IPERF),no)
HAVE_IPERF := $(if $(wildcard $(IPERF_A)),$(call try,#include <stdint.h>\n#include <iperf_api.h>\n))
endif
# 3.19 and newer hand out intervals by a callback; older ones by the cJSON wrap (lib/engine/engine_hook.c).
HAVE_CALLBACK := $(if $(HAVE_IPERF),$(call try,#include <stdint.h>\n#define HAVE_STDATOMIC_H 1\n#include <iperf_api.h>\nvoid *p = (void *)iperf_set_test_json_callback;\n))
# 3.21 and newer have --gsro, without a setter; the flag's name is in the archive.
HAVE_GSRO := $(if $(HAVE_IPERF),$(shell grep -qa -e '--gsro' $(IPERF_A) && echo 1))
HAVE_JANSSON := $(call try,#include <jansson.h>\n)
# Compressed results, each library optional: COMPRESSION=no leaves all three out.
ifneq ($(COMPRESSION),no)
HAVE_ZLIB := $(call try,#include <zlib.h>\n)
HAVE_ZSTD := $(call try,#include <zstd.h>\n)
HAVE_LZMA := $(call try,#include <lzma.h>\n)
endif
# The index of many days and `export --sqlite`, optional: SQLITE=no leaves them out; CURL=no `export --to`.
ifneq ($(SQLITE),no)
HAVE_SQLITE := $(call try,#include <sqlite3.h>\n)
endif
ifneq ($(CURL),no)
HAVE_CURL := $(call try,#include <curl/curl.h>\n)
endif

DEFINES  = -D_GNU_SOURCE $(if $(HAVE_IPERF),-DLONGHAUL_HAVE_IPERF -DHAVE_STDINT_H -DHAVE_STDATOMIC_H -DHAVE_SSL) \
           $(if $(HAVE_CALLBACK),-DLONGHAUL_HAVE_CALLBACK) $(if $(HAVE_GSRO),-DLONGHAUL_HAVE_GSRO) $(if $(HAVE_ZLIB),-DLONGHAUL_HAVE_ZLIB) \
           $(if $(HAVE_ZSTD),-DLONGHAUL_HAVE_ZSTD) $(if $(HAVE_LZMA),-DLONGHAUL_HAVE_LZMA) \
           $(if $(HAVE_SQLITE),-DLONGHAUL_HAVE_SQLITE) $(if $(HAVE_CURL),-DLONGHAUL_HAVE_CURL)
ALL_CFLAGS = -std=c11 $(WARN) $(CPPFLAGS) $(CFLAGS) $(SANITIZE) $(DEFINES) -Iinclude -Ilib -I$(BUILD)/gen -MMD -MP -fPIC
IPERF_LIBS = $(if $(HAVE_IPERF),-lssl -lcrypto -lsctp)
PACK_LIBS  = $(if $(HAVE_ZLIB),-lz) $(if $(HAVE_ZSTD),-lzstd) $(if $(HAVE_LZMA),-llzma)
SQLITE_LIBS = $(if $(HAVE_SQLITE),-lsqlite3)
# Its functions are weak in lib/export/http.c: a program needs it only where it is named.
CURL_LIBS  = $(if $(HAVE_CURL),-Wl$(comma)--push-state$(comma)--no-as-needed -lcurl -Wl$(comma)--pop-state)
comma    := ,
LIBS     = -ljansson $(PACK_LIBS) $(SQLITE_LIBS) $(CURL_LIBS) $(IPERF_LIBS) -lm -pthread
# The same for longhaul.pc. libsctp has no module in every Debian.
MODULES  = jansson $(if $(HAVE_ZLIB),zlib) $(if $(HAVE_ZSTD),libzstd) $(if $(HAVE_LZMA),liblzma) $(if $(HAVE_SQLITE),sqlite3) \
           $(if $(HAVE_IPERF),libssl libcrypto)
BARE_LIBS = $(if $(HAVE_IPERF),-lsctp) -lm -pthread

WITHOUT_IPERF = lib/engine/engine_none.c lib/engine/engine_error.c lib/engine/engine_bytes.c
# Without SQLite, of lib/archive only what finds levels in figures.
UNUSED  := $(if $(HAVE_SQLITE),lib/archive/archive_none.c,lib/base/sqlite_guard.c \
           $(filter-out lib/archive/archive_none.c lib/archive/shift.c,$(wildcard lib/archive/*.c))) \
           $(if $(HAVE_IPERF),lib/engine/engine_none.c $(if $(HAVE_CALLBACK),lib/engine/engine_hook.c),\
           $(filter-out $(WITHOUT_IPERF),$(wildcard lib/engine/engine_*.c)))
LIB_SRC := $(filter-out $(UNUSED),$(sort $(wildcard lib/*/*.c)))
CLI_SRC := $(sort $(wildcard cli/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(BUILD)/%.o)
# accept, bind, listen, netannounce, setsockopt: engine_accept.c; connect, recvfrom: engine_datagram.c; Nread... and iperf_set_send_state, by
# which each version of libiperf reads datagrams and ends: engine_arrivals.c; Nwrite, read: engine_guard.c.
WRAPPED  = accept bind listen netannounce setsockopt connect recvfrom \
           Nread Nread_no_select Nrecv_no_select Nread_gro iperf_set_send_state Nwrite read \
           $(if $(HAVE_CALLBACK),,cJSON_AddItemToArray cJSON_AddItemToObject)
WRAP     = $(WRAPPED:%=--wrap=%)

# The version of the headers. There is no ABI before 1.0: the shared library's name has the minor version, so that a program
# runs only with the one it was compiled for.
HEADERS  = include/longhaul.h $(sort $(wildcard include/longhaul/*.h))
VERSION := $(shell sed -n 's/.*LONGHAUL_VERSION "\(.*\)"/\1/p' include/longhaul/base.h)
SONAME  := liblonghaul.so.$(basename $(VERSION))
SHARED   = $(if $(HAVE_CALLBACK),$(BUILD)/liblonghaul.so)

.PHONY: all help no-jansson completion
all: $(if $(HAVE_JANSSON),$(BUILD)/longhaul $(SHARED) completion,no-jansson)
COMPLETIONS = $(addprefix $(BUILD)/completion/,longhaul.bash longhaul.zsh longhaul.fish)
completion: $(COMPLETIONS)
no-jansson:
	@echo "longhaul needs Jansson to build (Debian: libjansson-dev); 'make demo' installs what is missing" >&2; exit 1

help:
	@echo "make                 build $(BUILD)/longhaul and the library; IPERF=no leaves run and serve out; V=1 shows the whole commands"
	@echo "make demo            install what is missing, run both directions of a leg on this machine for 20 s, report"
	@echo "make check           install what is missing, run all tests (no root needed; what needs it is skipped)"
	@echo "make plan [CONFIG=configs/azure-wus.json]  who starts which leg, ports, loads, bytes"
	@echo "make serve SITE=WUS, make preflight SITE=HK, make run SITE=HK, make run LEG=HK-WUS    the parts of CONFIG's sites"
	@echo "make run SRC=HK DST=WUS PEER=172.16.0.4    one leg, a day long (FLAGS='-t 1h --pull' for more)"
	@echo "make report DATA=24H [OUT=diagrams/24h]    statistics and charts of a folder of results"
	@echo "make plots DATA=24H [OUT=diagrams/24h]     the charts alone, those whose data changed"
	@echo "make install [PREFIX=/usr/local] [DESTDIR=]    also man pages, systemd units, examples; make uninstall removes them"
	@echo "make dist            $(DIST): what is committed, to build and test without git"
	@echo "make deb             Debian's packages of what is committed, in $(BUILD)/deb"
	@echo "make image           an image for containers (buildah, podman or docker; busybox-static); IMAGE=longhaul:$(VERSION) names it"
	@echo "make quick           the unit tests alone, in seconds; installs nothing"
	@echo "make tests TEST=leg  the tests of that name (all without TEST); installs nothing"
	@echo "make lint            clang-tidy, shellcheck, mandoc; make coverage: the lines that the tests reach; make compile_commands.json"
	@echo "make installcheck    install into $(BUILD), build the example against it with pkg-config, run it"
	@echo "make check-asan      the tests under AddressSanitizer and UBSan"
	@echo "make fuzz            the fuzzers of tests/fuzz, MINUTES=1 each (clang)"
	@echo "make check-units     the systemd units, booted in a Debian root (needs root)"
	@echo "make check-fleet     longhaul fleet with Ansible, on five hosts with a systemd and an sshd of their own (needs root)"
	@echo "make check-debian    make demo and make check in bare roots of Debian 12, 13 and sid (needs root; SUITES=trixie: that one)"
	@echo "make check-packages  the packages, built, examined, tried and removed in roots of Debian 12, 13 and sid (needs root; SUITES=trixie)"
	@echo "make check-abi       the library's ABI against the last tag, or BASE=COMMIT: a change needs a new soname (abigail-tools)"
	@echo "make check-libiperf  the engine's tests with other versions of libiperf, in Debian roots (needs root)"
	@echo "make soak MINUTES=90 eight legs under random faults (SEED=1 repeats a list of faults; ATTACK=yes: an attacker instead)"
	@echo "                     what it leaves is in $(BUILD)/soak"
	@echo "make bench           memory and CPU of a run, of reading (bench-read), of a report (REFERENCE=script),"
	@echo "                     of a receiving leg (bench-receive, BEFORE=another build's program), of an export (bench-export); see tests/bench"
	@echo "make alarms          false alarms of 1,000 generated quiet legs (LEGS=100 SEED=2); make power: which faults are found"
	@echo "make shifts          how often a level of daily figures is told to have changed; make bench-archive: what an index costs"
	@echo "make worse           how often compare says worse of 1,000 pairs of equal days (PAIRS=100 SEED=2), and of worse ones"
	@echo "make clean           remove $(BUILD)"

# ---- the library: one object out of ours and libiperf's, in which only longhaul_* can be seen from outside.
# What the objects were built with: they are built anew when it changes (a libiperf that came or went, other flags).
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS)' > $@

$(BUILD)/lib/%.o: lib/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/cli/%.o: cli/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c $< -o $@

# The unit tests link this one: nothing hidden yet.
$(BUILD)/lib/inside.o: $(LIB_OBJ)
	$(call say,LD)$(LD) -r $(if $(HAVE_IPERF),$(WRAP) --defsym=engine_is_wrapped=1) $(LIB_OBJ) $(if $(HAVE_IPERF),$(IPERF_A)) -o $@

$(BUILD)/lib/longhaul.o: $(BUILD)/lib/inside.o
	$(call say,COPY)$(OBJCOPY) --wildcard --keep-global-symbol='longhaul_*' $< $@

$(BUILD)/liblonghaul.a: $(BUILD)/lib/longhaul.o
	$(call say,AR)rm -f $@ && $(AR) rcs $@ $<

$(BUILD)/longhaul: $(CLI_OBJ) $(BUILD)/liblonghaul.a
	$(call say,LD)$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) $^ $(LIBS) -o $@
	@$(if $(HAVE_IPERF),,echo "note: libiperf is not installed (libiperf-dev): 'run' and 'serve' are left out of this build")

# A shared library where libiperf can be one (Debian 12's archive is not position-independent and has no callback). It links
# libiperf.so, whose names a program can interpose: see longhaul.3.
$(BUILD)/liblonghaul.so: $(LIB_OBJ)
	$(quiet)printf '{ global: longhaul_*; local: *; };' > $(BUILD)/exports
	$(call say,LD)$(CC) -shared $(CFLAGS) $(SANITIZE) $(LDFLAGS) -Wl,-soname,$(SONAME) -Wl,--version-script=$(BUILD)/exports \
	    $(WRAPPED:%=-Wl,--wrap=%) $^ -liperf -lcrypto -ljansson $(PACK_LIBS) $(SQLITE_LIBS) $(CURL_LIBS) -lm -pthread -o $@

# ---- completion of the shells, from the tables of flags, by a program for the machine that builds (BUILD_CC).
BUILD_CC ?= cc
FLAG_SRC := $(sort $(wildcard cli/flags_*.c))
$(BUILD)/completion/make: cli/completion/make.c cli/flags.h $(FLAG_SRC)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(BUILD_CC) -std=c11 -D_GNU_SOURCE $(WARN) -Icli cli/completion/make.c $(FLAG_SRC) -o $@
$(COMPLETIONS): $(BUILD)/completion/longhaul.%: cli/completion/longhaul.% $(BUILD)/completion/make
	$(call say,GEN)$(BUILD)/completion/make $* $< > $@.new && mv $@.new $@

# ---- installation. In longhaul.pc, what the archive needs is private where there is a shared library, which knows its own. UNITDIR: where systemd looks for units of administrators (/usr/local) or of packages (/usr).
# LIBDIR: /usr/lib/x86_64-linux-gnu in Debian, /usr/lib64 in Fedora.
UNITDIR  ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
LIBDIR   ?= $(PREFIX)/lib
# Where each shell looks; Debian's packages have those of zsh in /usr/share/zsh/vendor-completions.
BASH_COMPLETION ?= $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETION  ?= $(PREFIX)/share/zsh/site-functions
FISH_COMPLETION ?= $(PREFIX)/share/fish/vendor_completions.d
MAN      = $(sort $(wildcard man/*.[1-8]))
UNITS    = $(sort $(wildcard configs/systemd/*.service configs/systemd/*.timer))
GRAFANA  = $(sort $(wildcard configs/grafana/dashboards/*.json configs/grafana/provisioning/*/*.yml))
# The collection for Ansible, where ANSIBLE_COLLECTIONS_PATH=$(PREFIX)/share/longhaul finds it, and longhaul fleet by itself.
FLEET    = $(PREFIX)/share/longhaul/ansible_collections/longhaul/fleet
PLAYS    = $(sort $(shell cd configs/ansible && find . -type f | sed 's|^[.]/||'))
EXAMPLES = $(sort $(wildcard configs/*.json configs/cron/* configs/prometheus/* configs/systemd/*.conf))
PROGRAMS = $(sort $(wildcard configs/on-event/*.sh))
DOCDIR   = $(PREFIX)/share/doc/longhaul
# Where they are in the tree, so that the links of README.md and of these pages hold there, too.
DOCS     = $(sort $(wildcard doc/*.md doc/*.schema.json))
PICTURES = page/sample.png $(sort $(wildcard gnuplot/sample/*.png))
# placed MODE,FILE,FOLDER: installs it there, with the places that it names where this installation has them, and a manual page with the date of
# the newest version in CHANGES.
RELEASED = $(eval RELEASED := $$(shell LC_ALL=C date -u -d "$$$$(sed -n 's/^.. \[[0-9.]*\] - //p' CHANGES | sed q)" '+%B %-d, %Y'))$(RELEASED)
placed   = sed -e 's|/usr/local/|$(PREFIX)/|g' -e 's|^\.Dd .*|.Dd $(RELEASED)|' $2 > $(DESTDIR)$3/$(notdir $2) && chmod $1 $(DESTDIR)$3/$(notdir $2)
.PHONY: install uninstall installcheck dist clean
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include/longhaul $(DESTDIR)$(LIBDIR)/pkgconfig \
	    $(DESTDIR)$(UNITDIR) $(DESTDIR)$(SYSUSERSDIR) \
	    $(sort $(foreach page,$(MAN),$(DESTDIR)$(PREFIX)/share/man/man$(subst .,,$(suffix $(page))))) $(DESTDIR)$(DOCDIR)/examples $(DESTDIR)$(DOCDIR)/doc
	install -m 755 $(BUILD)/longhaul $(DESTDIR)$(PREFIX)/bin/
	install -m 644 include/longhaul.h $(DESTDIR)$(PREFIX)/include/
	install -m 644 $(filter include/longhaul/%,$(HEADERS)) $(DESTDIR)$(PREFIX)/include/longhaul/
	install -m 644 $(BUILD)/liblonghaul.a $(DESTDIR)$(LIBDIR)/
	$(if $(SHARED),install -m 755 $(SHARED) $(DESTDIR)$(LIBDIR)/$(SONAME) && ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/liblonghaul.so)
	$(foreach page,$(MAN),$(call placed,644,$(page),$(PREFIX)/share/man/man$(subst .,,$(suffix $(page)))) &&) true
	$(foreach unit,$(UNITS),$(call placed,644,$(unit),$(UNITDIR)) &&) true
	install -m 644 configs/systemd/longhaul.sysusers $(DESTDIR)$(SYSUSERSDIR)/longhaul.conf
	install -m 644 README.md CONTRIBUTING.md LICENSE NOTICE CHANGES $(DESTDIR)$(DOCDIR)/
	$(foreach page,$(DOCS),$(call placed,644,$(page),$(DOCDIR)/doc) &&) true
	$(foreach picture,$(PICTURES),install -m 644 -D $(picture) $(DESTDIR)$(DOCDIR)/$(picture) &&) true
	$(foreach file,$(EXAMPLES),$(call placed,644,$(file),$(DOCDIR)/examples) &&) true
	$(foreach file,$(GRAFANA),install -D -m 644 $(file) $(DESTDIR)$(DOCDIR)/examples/$(file:configs/%=%) &&) true
	$(foreach file,$(PROGRAMS),$(call placed,755,$(file),$(DOCDIR)/examples) &&) true
	$(foreach file,$(PLAYS),install -d $(DESTDIR)$(FLEET)/$(dir $(file)) && $(call placed,644,configs/ansible/$(file),$(FLEET)/$(dir $(file))) &&) true
	install -D -m 644 $(BUILD)/completion/longhaul.bash $(DESTDIR)$(BASH_COMPLETION)/longhaul
	install -D -m 644 $(BUILD)/completion/longhaul.zsh $(DESTDIR)$(ZSH_COMPLETION)/_longhaul
	install -D -m 644 $(BUILD)/completion/longhaul.fish $(DESTDIR)$(FISH_COMPLETION)/longhaul.fish
	sed -e 's|@prefix@|$(PREFIX)|' -e 's|@libdir@|$(patsubst $(PREFIX)/%,$${prefix}/%,$(LIBDIR))|' -e 's|@version@|$(VERSION)|' \
	    -e 's|@requires@|$(if $(SHARED),,$(MODULES))|' -e 's|@libs@|$(if $(SHARED),,$(BARE_LIBS))|' \
	    -e 's|@requires_private@|$(if $(SHARED),$(MODULES))|' -e 's|@libs_private@|$(if $(SHARED),$(BARE_LIBS))|' \
	    lib/longhaul.pc.in > $(DESTDIR)$(LIBDIR)/pkgconfig/longhaul.pc

# What install puts there; folders that others may use stay.
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/longhaul $(HEADERS:%=$(DESTDIR)$(PREFIX)/%) $(DESTDIR)$(LIBDIR)/liblonghaul.a \
	    $(DESTDIR)$(LIBDIR)/liblonghaul.so $(DESTDIR)$(LIBDIR)/$(SONAME) $(DESTDIR)$(LIBDIR)/pkgconfig/longhaul.pc \
	    $(DESTDIR)$(SYSUSERSDIR)/longhaul.conf \
	    $(foreach page,$(MAN),$(DESTDIR)$(PREFIX)/share/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page))) \
	    $(foreach unit,$(UNITS),'$(DESTDIR)$(UNITDIR)/$(notdir $(unit))') \
	    $(DESTDIR)$(BASH_COMPLETION)/longhaul $(DESTDIR)$(ZSH_COMPLETION)/_longhaul $(DESTDIR)$(FISH_COMPLETION)/longhaul.fish
	rm -rf $(DESTDIR)$(DOCDIR) $(DESTDIR)$(PREFIX)/share/longhaul $(DESTDIR)$(PREFIX)/include/longhaul

installcheck:
	$(MAKE) install DESTDIR= PREFIX='$(abspath $(BUILD))/installed'
	CC='$(CC)' tests/installcheck $(abspath $(BUILD))/installed

# What is committed, and nothing else, as one file that is the same whenever and wherever it is made.
DIST     = $(BUILD)/longhaul-$(VERSION).tar.gz
dist:
	@[ "$$(git rev-parse --show-toplevel 2>/dev/null)" = '$(realpath .)' ] || { echo "make dist packs what git has; this folder is not a clone" >&2; exit 1; }
	@[ -z "$$(git status --porcelain --untracked-files=no)" ] || echo "make dist: what is changed and not committed is not in it" >&2
	@mkdir -p $(BUILD)
	@git -c tar.umask=0022 archive --format=tar --prefix=longhaul-$(VERSION)/ HEAD | gzip -9n > $(DIST).$$$$ && mv $(DIST).$$$$ $(DIST)
	@echo $(DIST)

# Debian's packages, of what is committed, for this machine's release.
.PHONY: deb
deb: dist
	@configs/setup build-essential debhelper $(filter lib%-dev zlib%-dev,$(DEMO_PACKAGES))
	@configs/packaging/deb $(DIST) $(BUILD)/deb -b >$(BUILD)/deb.log 2>&1 || { tail -n 30 $(BUILD)/deb.log >&2; exit 1; }
	@ls $(BUILD)/deb/*.deb

# An image of the command and what it needs, by buildah, podman or docker.
.PHONY: image
image: all
	@configs/packaging/image $(BUILD) '$(or $(IMAGE),longhaul:$(VERSION))'

clean:
	rm -rf $(BUILD)

# ---- the jobs of people: set-up, demo, one leg
DEMO_PACKAGES  = gcc libc6-dev libiperf-dev libssl-dev libsctp-dev libjansson-dev zlib1g-dev libzstd-dev liblzma-dev \
                 libsqlite3-dev libcurl4-openssl-dev gnuplot-nox fonts-dejavu-core libjs-dygraphs pkg-config
CHECK_PACKAGES = $(DEMO_PACKAGES) iperf3 openssl clang g++ python3 python3-jsonschema procps util-linux iproute2 nftables \
                 mandoc chromium chromium-driver prometheus victoria-metrics irtt strace systemd locales curl zsh fish python3-yaml
.PHONY: demo run serve plan preflight print-demo-packages
print-demo-packages: # for configs/action/install
	@echo $(DEMO_PACKAGES)
demo:
	@configs/setup $(DEMO_PACKAGES)
	@$(MAKE) --no-print-directory $(CORES) all
	@configs/demo $(BUILD)

# Of a topology: all that a site starts, one leg of it, what it serves; else a leg by itself.
CONFIG  ?= configs/azure-wus.json
OF_SITE  = --config '$(CONFIG)' $(if $(SITE),--site '$(SITE)') $(if $(LEG),--leg '$(LEG)')
run: all
	$(BUILD)/longhaul run $(if $(SITE)$(LEG),$(OF_SITE),'$(SRC)' '$(DST)' '$(PEER)') $(FLAGS)
serve: all
	$(BUILD)/longhaul serve $(OF_SITE) $(FLAGS)
plan: all
	$(BUILD)/longhaul plan '$(CONFIG)' $(FLAGS)
preflight: all
	$(BUILD)/longhaul preflight $(OF_SITE) $(FLAGS)

-include $(wildcard $(BUILD)/lib/*/*.d $(BUILD)/cli/*.d $(BUILD)/tests/*.d $(BUILD)/tests/fuzz/*.d $(BUILD)/tests/bench/*.d)

# ---- tests: each prints "ok - what", "not ok - what" or "skip - what: why"; tests/summary counts them.
# Programs that use the library as a user's would: the public header, the archive.
CLOCKSHIFT = $(BUILD)/tests/tools/clockshift.so
FAILING = $(BUILD)/tests/tools/failing.so
TOOLS := $(patsubst %.c,$(BUILD)/%,$(addprefix tests/bench/,generate.c mesh.c year.c alarms.c power.c worse.c) \
           $(filter-out tests/tools/clockshift.c tests/tools/failing.c,$(wildcard tests/tools/*.c tests/host/*.c)))
$(TOOLS): $(BUILD)/%: %.c $(BUILD)/liblonghaul.a
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $< $(BUILD)/liblonghaul.a $(LIBS) -o $@

# Preloaded, one shifts a program's clocks, the other lets its calls fail.
$(CLOCKSHIFT) $(FAILING): $(BUILD)/%.so: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) -std=c11 -D_GNU_SOURCE $(WARN) $(CFLAGS) -shared -fPIC $< -o $@

TEST_SRC  := $(sort $(wildcard tests/test_*.c))
TEST_BIN  := $(TEST_SRC:%.c=$(BUILD)/%)
TEST_SH   := $(sort $(wildcard tests/test_*.sh tests/cli/*.sh tests/netns/*_test.sh))
FUZZERS   := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
REPLAYS   := $(FUZZERS:%=$(BUILD)/tests/fuzz/replay_%)
TEST_LOGS := $(TEST_BIN:=.log) $(TEST_SH:%.sh=$(BUILD)/%.log) $(REPLAYS:=.log)

# When all are run: those that work most of their time run one after the other, and so do those with a browser, so that next to them the others,
# which wait for seconds to pass, find a processor in time. Of those the longest begin first, then what else has a network of its own. A test
# that is named nowhere here is one of them.
WORKING  = $(call logs_of,tests/test_builds tests/cli/sentences tests/cli/charts tests/cli/delays tests/cli/texts tests/cli/axes tests/cli/show) \
           $(TEST_BIN:=.log) $(REPLAYS:=.log) \
           $(call logs_of,$(addprefix tests/cli/,alarms distrust hostile_times incident_story incidents report same_figures) \
             $(addprefix tests/test_,docs results rules))
BROWSING = $(call logs_of,$(addprefix tests/cli/,page delay_page page_look mesh))
LONGEST  = $(call logs_of,$(addprefix tests/netns/,incidents_test path_test loss_truth_test delay_test) \
             $(addprefix tests/cli/,run watch region limits door live sender_clock abuse log) tests/netns/faults_test \
             $(addprefix tests/cli/,flows options disk clock way metrics export_server))
OTHERS   = $(filter-out $(WORKING) $(BROWSING) $(LONGEST),$(TEST_LOGS))
WAITING  = $(LONGEST) $(filter $(BUILD)/tests/netns/%,$(OTHERS)) $(filter-out $(BUILD)/tests/netns/%,$(OTHERS))
logs_of  = $(foreach name,$1,$(or $(filter $(BUILD)/$(name).log,$(TEST_LOGS)),$(if $(wildcard tests),$(error there is no $(name)))))

$(BUILD)/tests/test_%: tests/test_%.c $(BUILD)/lib/inside.o
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -Itests $(LDFLAGS) $< $(filter %.o,$^) $(LIBS) -o $@

# What of the command line is tested by itself.
$(BUILD)/tests/test_table: $(BUILD)/cli/table.o $(BUILD)/cli/status.o $(BUILD)/cli/status_cells.o

$(BUILD)/tests/test_tell_watch: $(BUILD)/cli/tell_watch.o $(BUILD)/cli/tell_state.o $(BUILD)/cli/tell_objectives.o

# The sentences about paths are those that this program's cases lead to.
$(BUILD)/tests/cli/sentences.log: $(BUILD)/tests/test_path_verdict

# A prober by itself.
$(BUILD)/tests/netns/hops_probe: tests/netns/hops_probe.c $(BUILD)/lib/inside.o
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $< $(BUILD)/lib/inside.o $(LIBS) -o $@
$(patsubst %,$(BUILD)/tests/netns/hops_%_test.log,probe answers ways): $(BUILD)/tests/netns/hops_probe

$(BUILD)/tests/test_%.log: $(BUILD)/tests/test_% FORCE
	@tests/run $@ $<

$(BUILD)/tests/%.log: tests/%.sh all $(TOOLS) $(CLOCKSHIFT) $(FAILING) FORCE
	@mkdir -p $(@D)
	@BUILD=$(BUILD) CC='$(CC)' tests/run $@ sh $<

# What the fuzzers found, and what covers most, once more and without them.
$(BUILD)/tests/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(BUILD)/lib/inside.o
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -Itests $(LDFLAGS) $< tests/fuzz/replay.c $(BUILD)/lib/inside.o $(LIBS) -o $@

$(BUILD)/tests/fuzz/replay_%.log: $(BUILD)/tests/fuzz/replay_% FORCE
	@tests/run $@ $< tests/data/fuzz/$*

# clang's libFuzzer under ASan and UBSan: MINUTES for each, with a small window and few looks ahead so that their edges are met often. New inputs
# go to $(BUILD)/fuzz/NAME; `make fuzz-merge` keeps of them and of tests/data/fuzz/NAME what covers something of its own,
# the smallest first, up to 97 kB of each.
FUZZ_BUILD = $(BUILD)/fuzz/build
FUZZ_SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=undefined
.PHONY: fuzz fuzz-programs fuzz-merge
fuzz-programs:
	@$(MAKE) --no-print-directory BUILD=$(FUZZ_BUILD) CC=clang CFLAGS='-O1 -g -DWINDOW_BYTES=2048 -DFREE_LOOKS=65536' \
	    SANITIZE='$(FUZZ_SANITIZE) -fsanitize=fuzzer-no-link' $(FUZZ_BUILD)/lib/inside.o
	@for name in $(FUZZERS); do \
	    clang -std=c11 -O1 -g $(FUZZ_SANITIZE) -fsanitize=fuzzer $(DEFINES) -Iinclude -Ilib -Itests tests/fuzz/fuzz_$$name.c \
	        $(FUZZ_BUILD)/lib/inside.o $(LIBS) -o $(BUILD)/fuzz/fuzz_$$name || exit 1; done

fuzz: fuzz-programs
	@for name in $(FUZZERS); do mkdir -p $(BUILD)/fuzz/$$name; echo "== $$name"; \
	    dictionary=; [ -e tests/fuzz/$$name.dict ] && dictionary=-dict=tests/fuzz/$$name.dict; \
	    $(BUILD)/fuzz/fuzz_$$name -max_total_time=$$((60 * $(or $(MINUTES),1))) -max_len=16384 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	        -artifact_prefix=$(BUILD)/fuzz/found_$${name}_ $$dictionary $(BUILD)/fuzz/$$name tests/data/fuzz/$$name \
	        > $(BUILD)/fuzz/$$name.log 2>&1 || { tail -40 $(BUILD)/fuzz/$$name.log; exit 1; }; \
	    grep -E 'number_of_executed|new_units|peak_rss' $(BUILD)/fuzz/$$name.log; done

fuzz-merge: fuzz-programs
	@for name in $(FUZZERS); do rm -rf $(BUILD)/fuzz/merged; mkdir -p $(BUILD)/fuzz/merged $(BUILD)/fuzz/$$name; \
	    $(BUILD)/fuzz/fuzz_$$name -set_cover_merge=1 -max_len=16384 $(BUILD)/fuzz/merged tests/data/fuzz/$$name $(BUILD)/fuzz/$$name \
	        > /dev/null 2>&1 || exit 1; \
	    (cd $(BUILD)/fuzz/merged && ls -Sr | while read -r f; do wc -c "$$f"; done | awk '(sum += $$1) > 97000 { print $$2 }' | xargs -r rm); \
	    rm -rf tests/data/fuzz/$$name; mv $(BUILD)/fuzz/merged tests/data/fuzz/$$name; done

.SECONDARY: $(TEST_BIN) $(REPLAYS)
.PHONY: test-programs
test-programs: $(TEST_BIN) $(TOOLS) $(BUILD)/tests/bench/delay_day $(BUILD)/tests/netns/hops_probe $(CLOCKSHIFT) $(FAILING) $(REPLAYS)

.PHONY: FORCE tests no-test quick coverage lint check check-asan check-units check-debian check-libiperf soak bench
FORCE:
# All of them, or those of one name: make tests TEST=leg runs test_leg, cli/leg and netns/leg_test, as far as they are there.
CHOSEN = $(if $(TEST),$(filter %/test_$(TEST).log %/$(TEST).log %/$(TEST)_test.log %/replay_$(TEST).log,$(TEST_LOGS)),$(TEST_LOGS))
tests: $(if $(CHOSEN),$(if $(TEST),$(CHOSEN),working browsing $(WAITING)),no-test)
	@tests/summary $(CHOSEN)
no-test:
	@echo "no test is called '$(TEST)'" >&2; exit 2

# What works has twice the time: on a busy machine it is what waits longest for a processor.
.PHONY: working browsing
working: all test-programs
	@TEST_SECONDS=$${TEST_SECONDS:-600} $(MAKE) --no-print-directory IN_TURN=yes $(WORKING)
browsing: all test-programs
	@$(MAKE) --no-print-directory IN_TURN=yes $(BROWSING)
ifeq ($(IN_TURN),yes)
.NOTPARALLEL:
endif

# The unit tests, but for those that wait for the clock.
QUICK = $(filter-out $(BUILD)/tests/test_window.log,$(TEST_BIN:=.log))
quick:
	@$(MAKE) --no-print-directory $(CORES) $(TEST_BIN)
	@$(MAKE) --no-print-directory $(CORES) $(QUICK)
	@tests/summary $(QUICK)

# For clangd and clang-tidy.
ALL_C = $(LIB_SRC) $(CLI_SRC) $(TEST_SRC)
compile_commands.json: FORCE
	@{ $(foreach f,$(ALL_C),printf '%s{"directory":"%s","file":"%s","command":"%s"}' "$$comma" '$(CURDIR)' '$(f)' \
	    '$(CC) $(ALL_CFLAGS) -Itests -c $(f)'; comma=,; ) } | sed '1s/^/[/; $$s/$$/]\n/; s/},{/},\n{/g' > $@.new && mv $@.new $@

# Which lines of lib/ the tests reach: as a table, and as pages in $(BUILD)/coverage/html. A child of the engine's ends without a word, so what
# runs there is counted only as far as a test calls it.
COVERAGE = BUILD=$(BUILD)/coverage CFLAGS='-O0 -g' SANITIZE=--coverage
coverage:
	@configs/setup $(CHECK_PACKAGES) gcovr
	@$(MAKE) --no-print-directory $(CORES) all test-programs $(COVERAGE)
	@find $(BUILD)/coverage -name '*.gcda' -exec rm {} +
	@$(MAKE) --no-print-directory $(AT_ONCE) tests $(COVERAGE) || echo "coverage: not all tests passed" >&2
	@mkdir -p $(BUILD)/coverage/html
	@gcovr --root . --filter 'lib/' --html-details $(BUILD)/coverage/html/index.html --txt $(BUILD)/coverage.txt $(BUILD)/coverage
	@tail -n 3 $(BUILD)/coverage.txt

# clang-tidy (what it looks for, and what not, is in .clang-tidy with the reasons), shellcheck (.shellcheckrc) and mandoc.
SCRIPTS = $(shell for f in configs/* configs/*/* tests/* tests/*/* debian/tests/* debian/*.prerm .ci/run; do head -n 1 "$$f" 2>/dev/null | grep -aqE '^\#!/bin/(ba)?sh' && echo "$$f"; done)
SOURCED = $(filter-out $(SCRIPTS),$(sort $(wildcard tests/*.sh tests/*/*.sh page/*.sh gnuplot/*.sh)))
lint: compile_commands.json $(BUILD)/gen/templates.h $(BUILD)/gen/page.h
	@configs/setup clang-tidy shellcheck mandoc
	@printf '%s\n' $(LIB_SRC) $(CLI_SRC) | xargs -P $(shell nproc) -n 8 clang-tidy --quiet -p . --warnings-as-errors='*' 2>/dev/null
	@shellcheck -S warning $(SCRIPTS) && shellcheck -S warning -s dash $(SOURCED)
	@mandoc -T lint -W warning $(MAN)
	@echo "lint: clean"

# Most tests wait for seconds to pass, not for a processor (see WORKING): five at a time, unless -j says how many.
AT_ONCE = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j5)
check:
	@configs/setup $(CHECK_PACKAGES)
	@$(MAKE) --no-print-directory $(CORES) all test-programs
	@$(MAKE) --no-print-directory $(AT_ONCE) tests

# Leaks are looked for where they are ours: a child of the engine's ends with its session.
ASAN = BUILD=$(BUILD)/asan SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined'
check-asan:
	@configs/setup $(CHECK_PACKAGES)
	@$(MAKE) --no-print-directory $(CORES) all test-programs $(ASAN)
	@$(MAKE) --no-print-directory $(AT_ONCE) tests $(ASAN)

# The units under a systemd of their own, as root: a crash, reboots, a power cut.
check-units: all
	tests/systemd/check $(BUILD)

# longhaul fleet, as root: Ansible over SSH to hosts in a network of the test's; the collection by Debian's ansible-lint.
FLEET_PACKAGES = $(CHECK_PACKAGES) ansible-core ansible-lint openssh-client openssh-server rsync debootstrap
.PHONY: check-fleet
check-fleet: all
	@configs/setup $(FLEET_PACKAGES)
	@DEB_BUILD_OPTIONS=nocheck $(MAKE) --no-print-directory deb
	tests/fleet/lint
	@$(MAKE) --no-print-directory tests TEST=inventory
	tests/fleet/scale $(BUILD)
	tests/fleet/check $(BUILD)

# README's two commands in bare Debian roots, each suite of SUITES; ROOTS is where those are kept.
check-debian:
	@SUITES='$(SUITES)' ROOTS='$(ROOTS)' tests/debian/check $(BUILD)

# Debian's packages, those for arm64, the RPM and the image, in Debian roots of SUITES, kept in ROOTS; PARTS='deb cross rpm image': those.
.PHONY: check-packages
check-packages: dist
	@SUITES='$(SUITES)' ROOTS='$(ROOTS)' PARTS='$(PARTS)' tests/packages/check $(BUILD) $(DIST)

# The ABI against the last tag, or BASE=COMMIT; raises an objection when it changed and the soname did not.
ABI_PACKAGES = $(DEMO_PACKAGES) abigail-tools git make
.PHONY: check-abi
check-abi:
	@configs/setup $(ABI_PACKAGES)
	@CC='$(CC)' tests/abi/check $(BASE)

check-libiperf: all
	tests/libiperf/check $(BUILD)

# Not in `check`: it takes as long as it is told, and as root it has its own network.
soak: all
	@BUILD=$(BUILD) MINUTES='$(or $(MINUTES),90)' SEED='$(SEED)' ATTACK='$(ATTACK)' sh tests/soak/soak.sh

$(BUILD)/tests/bench/figures: $(BUILD)/%: %.c $(BUILD)/liblonghaul.a
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $< $(BUILD)/liblonghaul.a $(LIBS) -o $@

$(BUILD)/tests/bench/inside $(BUILD)/tests/bench/delay_day $(BUILD)/tests/bench/seconds $(BUILD)/tests/bench/shifts: $(BUILD)/%: %.c $(BUILD)/lib/inside.o
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $< $(BUILD)/lib/inside.o $(LIBS) -o $@

.PHONY: bench-read
bench-read: all $(BUILD)/tests/bench/generate $(BUILD)/tests/bench/figures $(BUILD)/tests/bench/inside
	tests/bench/read $(BUILD)

.PHONY: bench-report
bench-report: all $(BUILD)/tests/bench/generate
	tests/bench/report $(BUILD)

# What an export to VictoriaMetrics costs; DAYS=6 legs.
.PHONY: bench-export
bench-export: all $(BUILD)/tests/bench/delay_day
	tests/bench/export $(BUILD)

# How often a quiet leg is told to have an incident, of LEGS legs from SEED; which faults are found.
.PHONY: alarms power
alarms: $(BUILD)/tests/bench/alarms
	$< --seed $(or $(SEED),1) --legs $(or $(LEGS),1000) --jobs $(shell nproc)
power: $(BUILD)/tests/bench/power
	$< --seed $(or $(SEED),1) --jobs $(shell nproc)

# How often longhaul compare says "worse" of PAIRS pairs of legs of the same kind, of halves of one leg, and of legs that are.
.PHONY: worse
worse: $(BUILD)/tests/bench/worse
	$< --seed $(or $(SEED),1) --pairs $(or $(PAIRS),1000) --jobs $(shell nproc)
	$< --seed $(or $(SEED),1) --pairs $(or $(PAIRS),1000) --jobs $(shell nproc) --halves
	$< --seed $(or $(SEED),1) --pairs $(or $(PAIRS),100) --jobs $(shell nproc) --loss 0.05
	$< --seed $(or $(SEED),1) --pairs $(or $(PAIRS),100) --jobs $(shell nproc) --rate 1

.PHONY: bench-archive
bench-archive: all $(TOOLS) $(BUILD)/tests/bench/seconds
	tests/bench/archive $(BUILD)

# How often a leg's daily figures are told to have changed their level in YEARS generated years, and how well changes are dated.
.PHONY: shifts
shifts: $(BUILD)/tests/bench/shifts
	$< $(or $(YEARS),200) $(or $(SEED),1)
	$< --power $(or $(SEEDS),20)

# A receiving leg compared with another build's program: BEFORE=/path/longhaul.
.PHONY: bench-receive
bench-receive: all
	tests/bench/receive $(BUILD)

bench: all $(TOOLS) bench-read bench-report bench-receive
	tests/bench/memory $(BUILD)/bench-memory
	tests/bench/cpu $(BUILD)

# ---- understanding: the templates are part of the program; charts of data that is there.
DATA ?= 24H
OUT  ?= diagrams/24h

$(BUILD)/gen/templates.h: gnuplot/embed.sh $(wildcard gnuplot/*.gp)
	@mkdir -p $(@D)
	$(call say,GEN)sh gnuplot/embed.sh gnuplot > $@.new && mv $@.new $@

$(patsubst %,$(BUILD)/lib/%.o,$(addprefix chart/plot_,leg hub heat distribution matrix) archive/trend_plot archive/trend_plot_maps): $(BUILD)/gen/templates.h

$(BUILD)/gen/page.h: page/embed.sh $(wildcard page/*.css page/*.js)
	@mkdir -p $(@D)
	$(call say,GEN)sh page/embed.sh page > $@.new && mv $@.new $@

$(BUILD)/lib/publish/html.o $(BUILD)/lib/archive/trend_html.o: $(BUILD)/gen/page.h

.PHONY: report plots
report: all
	$(BUILD)/longhaul report --out '$(OUT)' '$(DATA)'
plots: all
	$(BUILD)/longhaul report --no-html --out '$(OUT)' '$(DATA)'
