/* cmd_fleet.c - `longhaul fleet`: writes the inventory of a topology, and runs the playbooks of the collection
 * longhaul.fleet, by ansible-playbook. Talks to no host itself. */

#include "cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "flags.h"
#include "fleet_folder.h"
#include "fleet_state.h"
#include "fleet_status.h"
#include "log.h"
#include "playbook.h"

#define FORGET_MAX 256
#define ENDING ".fleet"
#define UNREACHABLE 4 /* ansible-playbook's exit status when a host did not answer */

struct fleet_args {
    const char *action, *topology, *dir, *package, *tree, *limit;
    const char *forget[FORGET_MAX];
    size_t n_forget;
    bool is_check, has_auth, has_no_preflight, is_uninstall;
    char *const *rest; /* for ansible-playbook */
    size_t n_rest;
    size_t n_hosts;           /* of the topology */
    char folder[PATH_MAX];    /* of the fleet */
    char installed[PATH_MAX]; /* the package or tree, whole */
};

/* ---- arguments */

static int take_flag(int flag, struct fleet_args *args)
{
    switch (flag) {
    case OPTION_DIR: args->dir = optarg; break;
    case OPTION_PACKAGE: args->package = optarg; break;
    case OPTION_TREE: args->tree = optarg; break;
    case OPTION_LIMIT_HOSTS: args->limit = optarg; break;
    case OPTION_CHECK: args->is_check = true; break;
    case OPTION_AUTH: args->has_auth = true; break;
    case OPTION_NO_PREFLIGHT: args->has_no_preflight = true; break;
    case OPTION_UNINSTALL: args->is_uninstall = true; break;
    case OPTION_FORGET:
        if (args->n_forget == FORGET_MAX)
            return cmd_misused("fleet", "--forget: at most %d of them", FORGET_MAX);
        args->forget[args->n_forget++] = optarg;
        break;
    default: return EXIT_MISUSED; /* cmd_option() has printed the message */
    }
    return EXIT_DONE;
}

static bool is(const struct fleet_args *args, const char *action)
{
    return strcmp(args->action, action) == 0;
}

/* Flags that an action does not have. */
static int check_flags(const struct fleet_args *args)
{
    bool is_up = is(args, "up"), is_down = is(args, "down");
    const struct { const char *name; bool is_given, is_permitted; } flags[] = {
        { "--package", args->package != NULL, is_up }, { "--tree", args->tree != NULL, is_up },
        { "--auth", args->has_auth, is_up }, { "--no-preflight", args->has_no_preflight, is_up },
        { "--forget", args->n_forget > 0, is_up }, { "--uninstall", args->is_uninstall, is_down },
        { "--check", args->is_check, is_up || is_down } };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (flags[i].is_given && !flags[i].is_permitted)
            return cmd_misused("fleet", "%s does not belong to %s", flags[i].name, args->action);
    if (args->package && args->tree)
        return cmd_misused("fleet", "--package and --tree exclude each other");
    return EXIT_DONE;
}

static int take_operands(int argc, char **argv, struct fleet_args *args)
{
    static const char *const actions[] = { "up", "status", "collect", "report", "down" };
    if (argc < 2)
        return cmd_misused("fleet", "needs an action and a topology");
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (strcmp(argv[0], actions[i]) == 0)
            args->action = actions[i];
    if (args->action == NULL)
        return cmd_misused("fleet", "'%s' is not one of up, status, collect, report, down", argv[0]);
    args->topology = argv[1];
    if (argc > 2)
        return cmd_misused("fleet", "unexpected argument '%s': what is for ansible-playbook follows --", argv[2]);
    return check_flags(args);
}

static int parse(int argc, char **argv, struct fleet_args *args)
{
    int flag, status = EXIT_DONE, n = argc;
    for (int i = 1; i < argc && n == argc; i++)
        if (strcmp(argv[i], "--") == 0)
            n = i;
    args->rest = argv + (n < argc ? n + 1 : n);
    args->n_rest = n < argc ? (size_t)(argc - n - 1) : 0;
    while (status == EXIT_DONE && (flag = cmd_option(n, argv, &flags_fleet)) != -1) {
        if (flag == 'h') {
            flags_print(&flags_fleet, stdout);
            exit(cmd_close_stdout(EXIT_DONE));
        }
        status = take_flag(flag, args);
    }
    return status == EXIT_DONE ? take_operands(n - optind, argv + optind, args) : status;
}

/* ---- folder and variables */

/* Ansible would evaluate an expression in a path that is a variable. */
static int check_path(const char *path)
{
    if (strstr(path, "{{") == NULL && strstr(path, "{%") == NULL && strstr(path, "{#") == NULL)
        return EXIT_DONE;
    return cmd_misused("fleet", "%s: Ansible would evaluate what is in the braces: use another name",
                       cmd_safe(path).text);
}

/* Without --dir: "region.fleet" next to "region.json". An absolute path, for Ansible. */
static int find_folder(struct fleet_args *args)
{
    char name[PATH_MAX], here[PATH_MAX] = "";
    size_t n = strlen(args->topology), k = strlen(LONGHAUL_RESULT_ENDING);
    bool has_ending = n > k && strcmp(args->topology + n - k, LONGHAUL_RESULT_ENDING) == 0;
    if (args->dir)
        n = (size_t)snprintf(name, sizeof name, "%s", args->dir);
    else
        n = (size_t)snprintf(name, sizeof name, "%.*s" ENDING, (int)(has_ending ? n - k : n), args->topology);
    if (n >= sizeof name || (*name != '/' && getcwd(here, sizeof here) == NULL) ||
        (size_t)snprintf(args->folder, sizeof args->folder, "%s%s%s", here, *here ? "/" : "", name) >=
            sizeof args->folder) {
        log_line("longhaul fleet: %s: the path is too long", cmd_safe(args->topology).text);
        return EXIT_FAILED;
    }
    return check_path(args->folder);
}

/* Ansible has another folder: the path of --package or --tree becomes a whole one. */
static int find_installed(struct fleet_args *args)
{
    const char **given = args->package ? &args->package : &args->tree;
    if (*given == NULL)
        return EXIT_DONE;
    if (realpath(*given, args->installed) == NULL) {
        log_line("longhaul fleet: %s: %s", cmd_safe(*given).text, strerror(errno));
        return EXIT_FAILED;
    }
    *given = args->installed;
    return check_path(*given);
}

static void put_text(FILE *out, const char *key, const char *value)
{
    fprintf(out, ", \"%s\": \"", key);
    cmd_print_json(out, value);
    fputc('"', out);
}

/* Where the program will be on the hosts: a package has it in /usr, a tree where it was made for; else as the
 * collection says. */
static void put_program(FILE *out, const struct fleet_args *args)
{
    static const char *const places[] = { "/usr/local/bin/longhaul", "/usr/bin/longhaul" };
    char path[PATH_MAX + 64];
    if (args->package)
        put_text(out, "longhaul_program", places[1]);
    for (size_t i = 0; args->tree && i < 2; i++) {
        snprintf(path, sizeof path, "%s%s", args->tree, places[i]);
        if (access(path, X_OK) == 0) {
            put_text(out, "longhaul_program", places[i]);
            return;
        }
    }
}

/* Variables of the whole fleet, malloc'd; NULL when out of memory. */
static char *variables(const struct fleet_args *args, bool is_draft)
{
    char *text = NULL, path[PATH_MAX + 64];
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    fprintf(out, "{\"longhaul_auth\": %s, \"longhaul_preflight\": %s, \"longhaul_uninstall\": %s",
            args->has_auth ? "true" : "false", args->has_no_preflight ? "false" : "true",
            args->is_uninstall ? "true" : "false");
    snprintf(path, sizeof path, "%s/%s" FLEET_TOPOLOGY, args->folder, is_draft ? FLEET_DRAFT : "");
    put_text(out, "longhaul_dir", args->folder);
    put_text(out, "longhaul_topology", path);
    put_text(out, "longhaul_version", longhaul_version());
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    path[n > 0 ? n : 0] = 0;
    put_text(out, "longhaul_report_program", n > 0 ? path : "longhaul");
    if (args->package)
        put_text(out, "longhaul_package", args->package);
    if (args->tree)
        put_text(out, "longhaul_tree", args->tree);
    put_program(out, args);
    fputc('}', out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

/* ---- playbooks */

static int play(const struct fleet_args *args, const char *name, bool is_draft, const char *log)
{
    char inventory[PATH_MAX + 64], **words = calloc(args->n_rest + 4, sizeof *words);
    size_t n = 0;
    char *text = variables(args, is_draft);
    int status = EXIT_FAILED;
    if (text && words) {
        snprintf(inventory, sizeof inventory, "%s/%s" FLEET_INVENTORY, args->folder, is_draft ? FLEET_DRAFT : "");
        if (args->is_check)
            words[n++] = (char *)(uintptr_t)"--check";
        if (args->limit) {
            words[n++] = (char *)(uintptr_t)"--limit";
            words[n++] = (char *)(uintptr_t)args->limit;
        }
        for (size_t i = 0; i < args->n_rest; i++)
            words[n++] = args->rest[i];
        const struct playbook playbook = { .name = name, .inventory = inventory, .log = log, .variables = text,
                                           .n_hosts = args->n_hosts, .arguments = words, .n_arguments = n };
        int said = playbook_run(&playbook);
        status = said == 0 ? EXIT_DONE : said == UNREACHABLE ? EXIT_INCOMPLETE : said >= 128 ? said : EXIT_FAILED;
    } else {
        log_line("longhaul fleet: out of memory");
    }
    free(words);
    free(text);
    return status;
}

/* The inventory of the topology as it is now; of what was before, hosts that left are in it. */
static int write_folder(const struct fleet_args *args, bool is_draft, const char *const *gone, size_t n_gone)
{
    const struct fleet_folder folder = { .topology = args->topology, .dir = args->folder, .is_draft = is_draft,
                                         .gone = gone, .n_gone = n_gone };
    return fleet_folder_write(&folder);
}

static int status_of(const struct fleet_args *args)
{
    char state_path[PATH_MAX + 64], log[PATH_MAX + 64], topology[PATH_MAX + 64];
    struct fleet_state state = { .n_hosts = 0 };
    struct config config = { .topology = NULL };
    snprintf(state_path, sizeof state_path, "%s/state", args->folder);
    snprintf(log, sizeof log, "%s/status.log", args->folder);
    snprintf(topology, sizeof topology, "%s/" FLEET_DRAFT FLEET_TOPOLOGY, args->folder);
    int status = write_folder(args, true, NULL, 0);
    if (status != EXIT_DONE)
        return status;
    unlink(state_path);
    status = play(args, "status", true, log);
    if (access(state_path, R_OK) != 0) {
        log_line("longhaul fleet: the playbook did not end well: see %s", cmd_safe(log).text);
        return status == EXIT_DONE ? EXIT_FAILED : status;
    }
    status = config_open(topology, 0, &config);
    if (status == EXIT_DONE)
        status = fleet_state_read(state_path, config.topology, config.plan, &state);
    if (status == EXIT_DONE)
        status = fleet_status_print(&config, &state);
    fleet_state_free(&state);
    config_close(&config);
    return status;
}

/* Hosts that left and were stopped now need not be kept in mind. */
static int forget_gone(const struct fleet_args *args)
{
    char path[PATH_MAX + 64];
    const char *gone[FORGET_MAX];
    size_t n = 0;
    snprintf(path, sizeof path, "%s/gone", args->folder);
    char *text = fleet_folder_read(path), *rest = text, *name;
    while (n < FORGET_MAX && (name = strsep(&rest, "\n")) != NULL)
        if (*name)
            gone[n++] = name;
    int status = n > 0 ? write_folder(args, false, gone, n) : EXIT_DONE;
    unlink(path);
    free(text);
    return status;
}

static int up(const struct fleet_args *args)
{
    int status = write_folder(args, args->is_check, args->forget, args->n_forget);
    if (status == EXIT_DONE)
        status = play(args, "up", args->is_check, NULL);
    if (args->is_check || (status != EXIT_DONE && status != EXIT_INCOMPLETE && status != EXIT_FAILED))
        return status;
    int after = forget_gone(args);
    if (after == EXIT_DONE) {
        struct fleet_args plain = { .action = "status", .topology = args->topology, .n_rest = args->n_rest,
                                    .rest = args->rest, .limit = args->limit, .package = args->package,
                                    .tree = args->tree, .n_hosts = args->n_hosts };
        snprintf(plain.folder, sizeof plain.folder, "%s", args->folder);
        after = status_of(&plain);
    }
    return status == EXIT_DONE ? after : status;
}

/* Of the fleet as it was last brought up. */
static int of_what_is_there(const struct fleet_args *args)
{
    char inventory[PATH_MAX + 64];
    snprintf(inventory, sizeof inventory, "%s/" FLEET_INVENTORY, args->folder);
    if (access(inventory, R_OK) != 0) {
        log_line("longhaul fleet: %s: no fleet is there: longhaul fleet up makes it", cmd_safe(args->folder).text);
        return EXIT_FAILED;
    }
    return play(args, args->action, false, NULL);
}

int cmd_fleet(int argc, char **argv)
{
    struct fleet_args args = { .action = NULL };
    struct config config;
    int status = parse(argc, argv, &args);
    if (status == EXIT_DONE)
        status = find_folder(&args);
    if (status == EXIT_DONE)
        status = find_installed(&args);
    if (status == EXIT_DONE && (status = config_open(args.topology, 0, &config)) == EXIT_DONE) {
        args.n_hosts = longhaul_topology_n_sites(config.topology);
        config_close(&config);
    }
    if (status == EXIT_DONE && !playbook_is_possible())
        status = EXIT_FAILED;
    if (status != EXIT_DONE)
        return status;
    if (is(&args, "up"))
        return up(&args);
    return is(&args, "status") ? status_of(&args) : of_what_is_there(&args);
}
