# longhaul. Everything that is made goes under $(BUILD); `make help` lists the targets.

BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= cc
CFLAGS  ?= -O2 -g
WARN     = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wvla -Wconversion
SANITIZE =

# ---- what this machine has. HAVE_IPERF: no libiperf, no `run` and no `serve`; the analyzing half stands alone.
try      = $(shell printf '%b' '$(1)' | $(CC) -x c -fsyntax-only - 2>/dev/null && echo 1)
IPERF_A := $(shell $(CC) -print-file-name=libiperf.a)
ifneq ($(IPERF),no)
HAVE_IPERF := $(if $(wildcard $(IPERF_A)),$(call try,#include <stdint.h>\n#include <iperf_api.h>\n))
endif
# 3.19 and newer hand out intervals by a callback; older ones by the cJSON wrap (lib/engine_hook.c).
HAVE_CALLBACK := $(if $(HAVE_IPERF),$(call try,#include <stdint.h>\n#define HAVE_STDATOMIC_H 1\n#include <iperf_api.h>\nvoid *p = (void *)iperf_set_test_json_callback;\n))
HAVE_JANSSON := $(call try,#include <jansson.h>\n)

DEFINES  = -D_GNU_SOURCE $(if $(HAVE_IPERF),-DLONGHAUL_HAVE_IPERF -DHAVE_STDINT_H -DHAVE_STDATOMIC_H -DHAVE_SSL) \
           $(if $(HAVE_CALLBACK),-DLONGHAUL_HAVE_CALLBACK)
ALL_CFLAGS = -std=c11 $(WARN) $(CFLAGS) $(SANITIZE) $(DEFINES) -Iinclude -I$(BUILD)/gen -MMD -MP -fPIC
IPERF_LIBS = $(if $(HAVE_IPERF),-lssl -lcrypto -lsctp)
LIBS     = -ljansson $(IPERF_LIBS) -lm -pthread

UNUSED  := $(if $(HAVE_IPERF),lib/engine_none.c $(if $(HAVE_CALLBACK),lib/engine_hook.c),lib/engine_child.c lib/engine_hook.c lib/engine_accept.c)
LIB_SRC := $(filter-out $(UNUSED),$(sort $(wildcard lib/*.c)))
CLI_SRC := $(sort $(wildcard cli/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(BUILD)/%.o)
WRAP     = --wrap=accept $(if $(HAVE_CALLBACK),,--wrap=cJSON_AddItemToArray --wrap=cJSON_AddItemToObject)

SHARED   = $(if $(HAVE_CALLBACK),$(BUILD)/liblonghaul.so)

.PHONY: all help no-jansson
all: $(if $(HAVE_JANSSON),$(BUILD)/longhaul $(SHARED),no-jansson)
no-jansson:
	@echo "longhaul needs Jansson to build (Debian: libjansson-dev); 'make demo' installs what is missing" >&2; exit 1

help:
	@echo "make                 build $(BUILD)/longhaul and the library; IPERF=no leaves run and serve out"
	@echo "make demo            install what is missing, run both directions of a leg on this machine for 20 s, report"
	@echo "make check           install what is missing, run all tests (no root needed; what needs it is skipped)"
	@echo "make run SRC=HK DST=WUS PEER=172.16.0.4    one leg, a day long (FLAGS='-t 1h --pull' for more)"
	@echo "make report DATA=24H [OUT=diagrams/24h]    statistics and charts of a folder of results"
	@echo "make plots DATA=24H [OUT=diagrams/24h]     the same, drawing only charts older than their data"
	@echo "make install [PREFIX=/usr/local] [DESTDIR=]"
	@echo "make installcheck    install into $(BUILD), build the example against it with pkg-config, run it"
	@echo "make check-asan      the tests under AddressSanitizer and UBSan"
	@echo "make check-libiperf  the engine's tests with other versions of libiperf, in Debian roots (needs root)"
	@echo "make bench           memory of a long run; see tests/bench"
	@echo "make clean           remove $(BUILD)"

# ---- the library: one object out of ours and libiperf's, in which only longhaul_* can be seen from outside.
# What the objects were built with: they are built anew when it changes (a libiperf that came or went, other flags).
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS)' > $@

$(BUILD)/lib/%.o: lib/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/cli/%.o: cli/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c $< -o $@

# The unit tests link this one: nothing hidden yet.
$(BUILD)/lib/inside.o: $(LIB_OBJ)
	$(LD) -r $(if $(HAVE_IPERF),$(WRAP)) $(LIB_OBJ) $(if $(HAVE_IPERF),$(IPERF_A)) -o $@

$(BUILD)/lib/longhaul.o: $(BUILD)/lib/inside.o
	objcopy --wildcard --keep-global-symbol='longhaul_*' $< $@

$(BUILD)/liblonghaul.a: $(BUILD)/lib/longhaul.o
	rm -f $@
	$(AR) rcs $@ $<

$(BUILD)/longhaul: $(CLI_OBJ) $(BUILD)/liblonghaul.a
	$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) $^ $(LIBS) -o $@
	@$(if $(HAVE_IPERF),,echo "note: libiperf is not installed (libiperf-dev): 'run' and 'serve' are left out of this build")

# A shared library where libiperf can be one (Debian 12's archive is not position-independent and has no callback). It links
# libiperf.so, whose names a program can interpose: see longhaul.3.
$(BUILD)/liblonghaul.so: $(LIB_OBJ)
	printf '{ global: longhaul_*; local: *; };' > $(BUILD)/exports
	$(CC) -shared $(CFLAGS) $(SANITIZE) $(LDFLAGS) -Wl,-soname,liblonghaul.so.0 -Wl,--version-script=$(BUILD)/exports -Wl,--wrap=accept $^ -liperf -ljansson -lm -pthread -o $@

# ---- installation
MAN1 = $(wildcard man/*.1)
MAN3 = $(wildcard man/*.3)
.PHONY: install installcheck clean
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig \
	    $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man3 $(DESTDIR)$(PREFIX)/share/doc/longhaul
	install -m 755 $(BUILD)/longhaul $(DESTDIR)$(PREFIX)/bin/
	install -m 644 include/longhaul.h $(DESTDIR)$(PREFIX)/include/
	install -m 644 $(BUILD)/liblonghaul.a $(DESTDIR)$(PREFIX)/lib/
	$(if $(SHARED),install -m 755 $(SHARED) $(DESTDIR)$(PREFIX)/lib/liblonghaul.so.0 && ln -sf liblonghaul.so.0 $(DESTDIR)$(PREFIX)/lib/liblonghaul.so)
	install -m 644 $(MAN1) $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $(MAN3) $(DESTDIR)$(PREFIX)/share/man/man3/
	install -m 644 README.md LICENSE NOTICE CHANGES $(DESTDIR)$(PREFIX)/share/doc/longhaul/
	printf 'prefix=%s\nName: longhaul\nDescription: 24-hour path measurement over libiperf\nVersion: %s\nCflags: -I$${prefix}/include\nLibs: -L$${prefix}/lib -llonghaul%s\n' \
	    '$(PREFIX)' "$$(sed -n 's/.*LONGHAUL_VERSION "\(.*\)"/\1/p' include/longhaul.h)" '$(if $(SHARED),, $(LIBS))' \
	    > $(DESTDIR)$(PREFIX)/lib/pkgconfig/longhaul.pc

installcheck:
	$(MAKE) install DESTDIR= PREFIX='$(abspath $(BUILD))/installed'
	CC='$(CC)' tests/installcheck $(abspath $(BUILD))/installed

clean:
	rm -rf $(BUILD)

# ---- the jobs of people: set-up, demo, one leg
DEMO_PACKAGES  = gcc libc6-dev libiperf-dev libssl-dev libsctp-dev libjansson-dev gnuplot-nox fonts-dejavu-core pkg-config iperf3
CHECK_PACKAGES = $(DEMO_PACKAGES) clang g++ python3 procps util-linux iproute2 nftables
.PHONY: demo run
demo:
	configs/setup $(DEMO_PACKAGES)
	$(MAKE) all
	configs/demo $(BUILD)

run: all
	$(BUILD)/longhaul run '$(SRC)' '$(DST)' '$(PEER)' $(FLAGS)

-include $(wildcard $(BUILD)/lib/*.d $(BUILD)/cli/*.d $(BUILD)/tests/*.d)

# ---- tests: each prints "ok - what", "not ok - what" or "skip - what: why"; tests/summary counts them.
# Programs that use the library as a user's would: the public header, the archive.
CLOCKSHIFT = $(BUILD)/tests/tools/clockshift.so
TOOLS := $(patsubst %.c,$(BUILD)/%,$(filter-out tests/tools/clockshift.c,$(wildcard tests/tools/*.c tests/host/*.c)))
$(TOOLS): $(BUILD)/%: %.c $(BUILD)/liblonghaul.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $< $(BUILD)/liblonghaul.a $(LIBS) -o $@

# Preloaded, it shifts a program's clocks.
$(CLOCKSHIFT): tests/tools/clockshift.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARN) $(CFLAGS) -shared -fPIC $< -o $@

TEST_SRC  := $(sort $(wildcard tests/test_*.c))
TEST_BIN  := $(TEST_SRC:%.c=$(BUILD)/%)
TEST_SH   := $(sort $(wildcard tests/test_*.sh tests/cli/*.sh tests/netns/*_test.sh))
TEST_LOGS := $(TEST_BIN:=.log) $(TEST_SH:%.sh=$(BUILD)/%.log)

$(BUILD)/tests/test_%: tests/test_%.c $(BUILD)/lib/inside.o
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Ilib -Itests $(LDFLAGS) $< $(filter %.o,$^) $(LIBS) -o $@

# What of the command line is tested by itself.
$(BUILD)/tests/test_table: $(BUILD)/cli/table.o $(BUILD)/cli/status.o

$(BUILD)/tests/test_%.log: $(BUILD)/tests/test_% FORCE
	@tests/run $@ $<

$(BUILD)/tests/%.log: tests/%.sh all $(TOOLS) $(CLOCKSHIFT) FORCE
	@mkdir -p $(@D)
	@BUILD=$(BUILD) CC='$(CC)' tests/run $@ sh $<

.SECONDARY: $(TEST_BIN)
.PHONY: test-programs
test-programs: $(TEST_BIN) $(TOOLS) $(CLOCKSHIFT)

.PHONY: FORCE tests check check-asan check-libiperf bench
FORCE:
tests: $(TEST_LOGS)
	@tests/summary $(TEST_LOGS)

check:
	@configs/setup $(CHECK_PACKAGES)
	@$(MAKE) --no-print-directory tests

# Leaks are looked for where they are ours: a child of the engine's ends with its session.
check-asan:
	@configs/setup $(CHECK_PACKAGES)
	@$(MAKE) --no-print-directory tests BUILD=$(BUILD)/asan SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined'

check-libiperf: all
	tests/libiperf/check $(BUILD)

bench: all $(TOOLS)
	tests/bench/memory $(BUILD)/bench-memory
	tests/bench/cpu $(BUILD)

# ---- understanding: the templates are part of the program; charts of data that is there.
DATA ?= 24H
OUT  ?= diagrams/24h

$(BUILD)/gen/templates.h: gnuplot/embed.sh $(wildcard gnuplot/*.gp)
	@mkdir -p $(@D)
	sh gnuplot/embed.sh gnuplot > $@.new && mv $@.new $@

$(BUILD)/lib/plot.o: $(BUILD)/gen/templates.h

.PHONY: report plots
report: all
	$(BUILD)/longhaul report --out '$(OUT)' '$(DATA)'
plots: all
	$(BUILD)/longhaul report --changed --out '$(OUT)' '$(DATA)'
