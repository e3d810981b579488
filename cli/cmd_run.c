/* cmd_run.c - `longhaul run`: makes legs from flags or a topology, runs them, reports how they ended. */

#include "cmd.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "config.h"
#include "flags.h"
#include "leg_args.h"
#include "log.h"
#include "objective_args.h"
#include "password.h"
#include "progress.h"
#include "run_again.h"
#include "run_outcome.h"
#include "run_reload.h"
#include "run_way.h"
#include "tell.h"

struct run_args {
    struct longhaul_leg leg;
    struct longhaul_run_options run;
    bool wants_both, is_new;
    const char *leg_flag; /* the last flag that describes a leg; NULL for none */
    const char *config, *site, *leg_name, *on_event;
    struct objective_args objectives;
};

/* The legs to run and when each begins; delays_s NULL: all at once, or at the requested time. */
struct run_legs {
    size_t n;
    struct longhaul_leg *legs;
    double *delays_s;
    struct tell_objectives *objectives;
};

/* One flag. EXIT_DONE, or the exit status of a refusal. */
static int take_flag(int flag, const char *value, struct run_args *args)
{
    struct longhaul_error err = { 0 };
    uint32_t seconds = 0;
    bool good = true;
    int rc = 0;
    if (leg_args_name(flag)) {
        if (flag != 'u') /* iperf3's; here it is the default */
            args->leg_flag = leg_args_name(flag);
        return leg_args_take("run", flag, value, &args->leg) ? EXIT_DONE : EXIT_MISUSED;
    }
    switch (flag) {
    case OPTION_BOTH: args->wants_both = true; args->leg_flag = "--both"; break;
    case OPTION_DIR: args->run.dir = value; break;
    case OPTION_RESUME: args->run.is_resumed = true; break;
    case OPTION_RESUME_ONLY: args->run.is_resume_only = true; break;
    case OPTION_NEW: args->is_new = true; break;
    case OPTION_WAIT: rc = longhaul_duration_parse(value, &seconds, &err); args->run.wait_s = seconds; break;
    case OPTION_AT: good = args_time("run", "--at", value, time(NULL), &args->run.start_unix_s); break;
    case OPTION_METRICS: args->run.metrics_path = value; break;
    case OPTION_ON_EVENT: args->on_event = value; break;
    case OBJECTIVE_ONE: good = objective_args_take("run", flag, value, &args->objectives); break;
    case OPTION_USERNAME: args->run.username = value; break;
    case OPTION_PUBLIC_KEY: args->run.public_key = value; break;
    case OPTION_CONFIG: args->config = value; break;
    case OPTION_SITE: args->site = value; break;
    case OPTION_LEG: args->leg_name = value; break;
    default: return EXIT_MISUSED; /* cmd_option() has printed the message */
    }
    if (rc != 0)
        return cmd_misused("run", "--wait: %s", err.text);
    return good ? EXIT_DONE : EXIT_MISUSED;
}

static int take_operands(int n, char **operands, struct run_args *args)
{
    struct { const char *what; char *to; size_t size; } slots[] = {
        { "SRC", args->leg.source, sizeof args->leg.source },
        { "DST", args->leg.destination, sizeof args->leg.destination },
        { "PEER", args->leg.peer, sizeof args->leg.peer } };
    if (n != 3)
        return cmd_misused("run", "needs SRC DST PEER, got %d of them", n);
    for (size_t i = 0; i < 3; i++)
        if (!leg_args_text("run", slots[i].what, operands[i], slots[i].to, slots[i].size))
            return EXIT_MISUSED;
    return EXIT_DONE;
}

/* With --config the file describes the legs. */
static int check_config(int n_operands, const struct run_args *args)
{
    if (n_operands > 0)
        return cmd_misused("run", "--config and SRC DST PEER exclude each other");
    if (args->leg_flag)
        return cmd_misused("run", "%s cannot be combined with --config: the file says what a leg is", args->leg_flag);
    if (args->site == NULL && args->leg_name == NULL)
        return cmd_misused("run", "--config needs --site (which one this host is) or --leg");
    return EXIT_DONE;
}

/* Returns EXIT_DONE and the legs, or the status to exit with. */
static int parse(int argc, char **argv, struct run_args *args)
{
    struct longhaul_error err = { 0 };
    int flag, status;
    while ((flag = cmd_option(argc, argv, &flags_run)) != -1) {
        if (flag == 'h') {
            flags_print(&flags_run, stdout);
            exit(cmd_close_stdout(EXIT_DONE));
        }
        if ((status = take_flag(flag, optarg, args)) != EXIT_DONE)
            return status;
    }
    if (!args->run.username != !args->run.public_key)
        return cmd_misused("run", "--username and --public-key go together");
    if (args->objectives.n > 0 && args->on_event == NULL)
        return cmd_misused("run", "--objective needs --on-event, which hears when it is missed");
    if (args->run.start_unix_s && args->run.is_resume_only)
        return cmd_misused("run", "--at and --resume-only exclude each other");
    if (args->is_new && (args->run.is_resumed || args->run.is_resume_only))
        return cmd_misused("run", "--new and --resume exclude each other");
    if (args->config)
        return check_config(argc - optind, args);
    if (args->site || args->leg_name)
        return cmd_misused("run", "--site and --leg need --config");
    if ((status = take_operands(argc - optind, argv + optind, args)) != EXIT_DONE)
        return status;
    if (args->wants_both && (args->leg.direction == LONGHAUL_DIRECTION_PULL || args->leg.port == 65535))
        return cmd_misused("run", "--both sets its own directions and needs two ports");
    if (longhaul_leg_check(&args->leg, &err) != 0)
        return cmd_misused("run", "%s", err.text);
    longhaul_leg_fill(&args->leg);
    return EXIT_DONE;
}

/* The other direction of a pair: received, on the next port. */
static struct longhaul_leg opposite(const struct longhaul_leg *leg)
{
    struct longhaul_leg back = *leg;
    strcpy(back.source, leg->destination);
    strcpy(back.destination, leg->source);
    back.direction = LONGHAUL_DIRECTION_PULL;
    back.port++;
    return back;
}

static void on_state(size_t leg, const struct longhaul_state *state, void *progress)
{
    progress_state(progress, leg, state);
}

static void on_note(const char *text, void *progress)
{
    progress_note(progress, text);
}

/* Set while a run lasts, for the signal handlers. */
static struct longhaul_run *volatile current_run;
static struct progress *volatile current_progress;
static struct reload *volatile current_reload;
static volatile sig_atomic_t caught_signal;

static void on_signal(int number)
{
    caught_signal = number;
    if (current_run)
        longhaul_run_stop(current_run);
    reload_signal(current_reload, number);
}

static void on_question(int number)
{
    if (number == SIGUSR1)
        progress_ask(current_progress);
    else if (number == SIGWINCH)
        progress_resized(current_progress);
    if (number != SIGWINCH)
        reload_signal(current_reload, number);
}

/* Signals that nohup or a shell script made us ignore stay ignored. */
static void catch_signals(void)
{
    static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
    struct sigaction action = { .sa_handler = on_signal }, inherited;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (sigaction(signals[i], NULL, &inherited) == 0 && inherited.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    action = (struct sigaction){ .sa_handler = on_question, .sa_flags = SA_RESTART };
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    sigaction(SIGWINCH, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static bool make_room(struct run_legs *of, size_t n, bool with_delays)
{
    of->legs = calloc(n, sizeof *of->legs);
    of->delays_s = with_delays ? calloc(n, sizeof *of->delays_s) : NULL;
    of->objectives = calloc(n, sizeof *of->objectives);
    of->n = n;
    if (of->legs && of->objectives && (of->delays_s || !with_delays))
        return true;
    fprintf(stderr, "longhaul: out of memory\n");
    return false;
}

/* The one or two legs of the command line. */
static int legs_of_flags(const struct run_args *args, struct run_legs *of)
{
    if (!make_room(of, args->wants_both ? 2 : 1, false))
        return EXIT_FAILED;
    of->legs[0] = args->leg;
    if (args->wants_both)
        of->legs[1] = opposite(&args->leg);
    return EXIT_DONE;
}

static double leg_start_s(const struct config *config, size_t leg)
{
    return longhaul_plan_leg(config->plan, leg)->start_s;
}

static int legs_of_config(struct run_args *args, struct run_legs *of)
{
    struct longhaul_schedule schedule = { .start_unix_s = 0 };
    struct longhaul_error err = { 0 };
    struct config config;
    size_t *chosen = NULL, n = 0;
    int status = config_open(args->config, 0, &config);
    if (status == EXIT_DONE)
        status = config_legs("run", &config, args->site, args->leg_name, &chosen, &n);
    if (status == EXIT_DONE)
        status = run_way_check_site(&config, longhaul_plan_leg(config.plan, chosen[0])->starter);
    if (status == EXIT_DONE && !args->leg_name &&
        longhaul_plan_begin(config.plan, longhaul_plan_leg(config.plan, chosen[0])->starter, &args->run, &schedule,
                            &err) != 0)
        status = cmd_fail(&err);
    if (schedule.is_resumed) /* its rounds have dates, and wait for them */
        args->run.start_unix_s = schedule.start_unix_s;
    bool is_at_once = (args->leg_name && n == 1) || (args->run.is_resume_only && !schedule.is_resumed);
    if (status == EXIT_DONE && !make_room(of, n, !is_at_once))
        status = EXIT_FAILED;
    for (size_t i = 0; status == EXIT_DONE && i < n; i++) {
        of->legs[i] = longhaul_plan_leg(config.plan, chosen[i])->leg;
        tell_objectives_of(config.topology, of->legs[i].source, of->legs[i].destination, &of->objectives[i]);
        if (!is_at_once && args->leg_name)
            of->delays_s[i] = leg_start_s(&config, chosen[i]) - leg_start_s(&config, chosen[0]);
        else if (!is_at_once)
            of->delays_s[i] = longhaul_plan_delay_s(config.plan, &schedule, chosen[i]);
    }
    free(chosen);
    config_close(&config);
    return status;
}

/* ---- what --on-event and a service manager are told */

struct told_run {
    struct longhaul_run *run;
    const struct run_legs *of;
    struct progress *progress;
    const char *dir;
    char (*records)[sizeof ((struct tell_leg *)0)->record]; /* of each leg, once known */
};

/* Once a leg has measured, the journal that is there is its own. */
static void find_record(const struct told_run *told, size_t i, const struct longhaul_status *s)
{
    struct longhaul_journal journal;
    bool has_begun = s->elapsed_s > 0 && (s->phase == LONGHAUL_PHASE_RUNNING || s->phase == LONGHAUL_PHASE_WAITING);
    if (told->records[i][0] || !has_begun || longhaul_run_journal(told->dir, &told->of->legs[i], &journal, NULL) != 1)
        return;
    const char *slash = strrchr(journal.path, '/'), *name = slash ? slash + 1 : journal.path;
    size_t n = strlen(name), ending = sizeof LONGHAUL_JOURNAL_ENDING - 1;
    snprintf(told->records[i], sizeof told->records[i], "%.*s", (int)(n > ending ? n - ending : n), name);
}

static bool look_at_leg(void *payload, size_t i, struct tell_leg *out)
{
    const struct told_run *told = payload;
    const struct longhaul_leg *leg = &told->of->legs[i];
    strcpy(out->source, leg->source);
    strcpy(out->destination, leg->destination);
    out->protocol = leg->protocol == LONGHAUL_PROTOCOL_TCP ? "TCP" : "UDP";
    out->direction = leg->direction == LONGHAUL_DIRECTION_PULL ? "pull" : "push";
    if (longhaul_run_status(told->run, i, &out->status, NULL) != 0)
        return false;
    find_record(told, i, &out->status);
    strcpy(out->record, told->records[i]);
    return true;
}

static void find_objectives(void *payload, size_t i, const struct tell_leg *leg, struct tell_objectives *out)
{
    (void)leg;
    *out = ((const struct told_run *)payload)->of->objectives[i];
}

static double idle_s(void *payload)
{
    return longhaul_run_idle_s(((const struct told_run *)payload)->run);
}

static void say_trouble(void *payload, const char *text)
{
    progress_note(((const struct told_run *)payload)->progress, text);
}

static int tell_of(const struct run_args *args, struct told_run *told, struct tell **out, struct longhaul_error *err)
{
    const struct tell_options told_by = { .program = args->on_event, .role = "run",
                                          .dir = told->dir, .n_legs = told->of->n,
                                          .objectives = find_objectives, .look = look_at_leg, .idle_s = idle_s,
                                          .say = say_trouble, .payload = told };
    return tell_new(&told_by, out, err);
}

static int out_of_memory(struct longhaul_error *err)
{
    *err = (struct longhaul_error){ .code = LONGHAUL_ENOMEM, .text = "out of memory" };
    return LONGHAUL_ENOMEM;
}

static int run_all(struct run_args *args, const struct run_legs *of, char **argv)
{
    struct longhaul_error err = { 0 };
    struct longhaul_run *run = NULL;
    struct progress *progress = progress_new(of->legs, of->n);
    struct told_run told = { .of = of, .progress = progress,
                             .dir = args->run.dir ? args->run.dir : LONGHAUL_DIR,
                             .records = calloc(of->n, sizeof *told.records) };
    struct tell *tell = NULL;
    struct run_reload of_reload;
    int status;
    args->run.on_state = on_state;
    args->run.on_note = on_note;
    args->run.payload = progress;
    int rc = told.records ? longhaul_run_new(&args->run, &run, &err) : out_of_memory(&err);
    for (size_t i = 0; i < of->n && rc == 0; i++)
        rc = of->delays_s ? longhaul_run_add_later(run, &of->legs[i], of->delays_s[i], &err)
                          : longhaul_run_add(run, &of->legs[i], &err);
    current_run = told.run = run;
    current_progress = progress;
    if (rc == 0 && (rc = tell_of(args, &told, &tell, &err)) == 0)
        rc = longhaul_run_start(run, &err);
    if (rc == 0 && caught_signal) /* before there was a run */
        longhaul_run_stop(run);
    if (rc == 0) {
        tell_begin(tell);
        progress_watch(progress, run);
        of_reload = (struct run_reload){ .config = args->config, .site = args->site, .legs = args->leg_name,
                                         .run = run };
        current_reload = args->config ? run_reload_new(&of_reload, of->legs, of->n, argv, &args->run) : NULL;
        longhaul_run_wait(run, NULL);
        int others = reload_wait(current_reload);
        tell_stop(tell);
        current_progress = NULL;
        progress_free(progress);
        struct reload *reload = current_reload;
        status = cmd_close_stdout(run_outcome_say(run, of->legs, of->n, reload_dropped(reload)));
        status = others == EXIT_FAILED || status == EXIT_DONE ? others : status;
        current_reload = NULL;
        reload_free(reload);
        run_again_say(run, of->n, argv);
    } else {
        current_progress = NULL;
        progress_free(progress);
        status = cmd_refused("run", &err);
    }
    tell_free(tell);
    free(told.records);
    current_run = NULL;
    longhaul_run_free(run);
    return caught_signal ? 128 + caught_signal : status;
}

int cmd_run(int argc, char **argv)
{
    struct run_args args = { .wants_both = false };
    struct run_legs of = { .n = 0 };
    int status = parse(argc, argv, &args);
    log_begin();
    if (status == EXIT_DONE)
        status = args.config ? legs_of_config(&args, &of) : legs_of_flags(&args, &of);
    for (size_t i = 0; status == EXIT_DONE && i < of.n; i++)
        tell_objectives_add(&of.objectives[i], args.objectives.list, args.objectives.n);
    if (status == EXIT_DONE && args.run.wait_s == 0) /* while it waits, the interface may come, too */
        status = run_way_check_device(of.legs, of.n);
    if (status == EXIT_DONE && !args.config)
        status = run_way_check(of.legs, of.n);
    if (status == EXIT_DONE && !args.is_new && !args.run.is_resumed && !args.run.is_resume_only)
        status = run_again_check(args.run.dir, of.legs, of.delays_s, of.n, args.run.start_unix_s);
    catch_signals();
    if (status == EXIT_DONE && args.run.username && !password_get("run", &caught_signal, &args.run.password))
        status = caught_signal ? 128 + caught_signal : EXIT_MISUSED;
    if (status == EXIT_DONE)
        status = run_all(&args, &of, argv);
    free(of.legs);
    free(of.objectives);
    free(of.delays_s);
    return status;
}
