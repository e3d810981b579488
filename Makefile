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

LIB_SRC := $(filter-out $(if $(HAVE_IPERF),$(if $(HAVE_CALLBACK),lib/engine_hook.c),lib/engine_hook.c),$(sort $(wildcard lib/*.c)))
CLI_SRC := $(sort $(wildcard cli/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(BUILD)/%.o)
WRAP     = --wrap=cJSON_AddItemToArray --wrap=cJSON_AddItemToObject

.PHONY: all help
all: $(if $(HAVE_JANSSON),$(BUILD)/longhaul,no-jansson)

# ---- the library: one object out of ours and libiperf's, in which only longhaul_* can be seen from outside.
# What the objects were built with: they are built anew when it changes (a libiperf that came or went, other flags).
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS) $(PREFIX)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS) $(PREFIX)' > $@

$(BUILD)/lib/%.o: lib/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/cli/%.o: cli/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c $< -o $@

# The unit tests link this one: nothing hidden yet.
$(BUILD)/lib/inside.o: $(LIB_OBJ)
	$(LD) -r $(if $(HAVE_IPERF),$(if $(HAVE_CALLBACK),,$(WRAP))) $(LIB_OBJ) $(if $(HAVE_IPERF),$(IPERF_A)) -o $@

$(BUILD)/lib/longhaul.o: $(BUILD)/lib/inside.o
	objcopy --wildcard --keep-global-symbol='longhaul_*' $< $@

$(BUILD)/liblonghaul.a: $(BUILD)/lib/longhaul.o
	rm -f $@
	$(AR) rcs $@ $<

$(BUILD)/longhaul: $(CLI_OBJ) $(BUILD)/liblonghaul.a
	$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) $^ $(LIBS) -o $@
	@$(if $(HAVE_IPERF),,echo "note: libiperf is not installed (libiperf-dev): 'run' and 'serve' are left out of this build")

-include $(wildcard $(BUILD)/lib/*.d $(BUILD)/cli/*.d $(BUILD)/tests/*.d)

# ---- tests: each prints "ok - what", "not ok - what" or "skip - what: why"; tests/summary counts them.
TEST_SRC  := $(sort $(wildcard tests/test_*.c))
TEST_BIN  := $(TEST_SRC:%.c=$(BUILD)/%)
TEST_SH   := $(sort $(wildcard tests/test_*.sh tests/cli/*.sh))
TEST_LOGS := $(TEST_BIN:=.log) $(TEST_SH:%.sh=$(BUILD)/%.log)

# Programs that use the library as a user's would: the public header, the archive.
TOOLS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/tools/*.c))
$(BUILD)/tests/tools/%: tests/tools/%.c $(BUILD)/liblonghaul.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $< $(BUILD)/liblonghaul.a $(LIBS) -o $@

$(BUILD)/tests/test_%: tests/test_%.c $(BUILD)/lib/inside.o
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Ilib -Itests $(LDFLAGS) $< $(BUILD)/lib/inside.o $(LIBS) -o $@

$(BUILD)/tests/test_%.log: $(BUILD)/tests/test_% FORCE
	@tests/run $@ $<

$(BUILD)/tests/%.log: tests/%.sh all $(TOOLS) FORCE
	@mkdir -p $(@D)
	@BUILD=$(BUILD) CC='$(CC)' tests/run $@ sh $<

.PHONY: FORCE tests
FORCE:
tests: $(TEST_LOGS)
	@tests/summary $(TEST_LOGS)

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
