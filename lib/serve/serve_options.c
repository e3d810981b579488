/* serve_options.c - checks a server's options, and whether its secrets are secret. */

#include "serve/serve_options.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cidr.h"
#include "base/error.h"
#include "engine/engine.h"
#include "record/metrics.h"

static int check_networks(const char *option, const char *const *networks, size_t n, struct longhaul_error *err)
{
    struct cidr network;
    for (size_t i = 0; i < n; i++)
        if (!cidr_parse(networks[i], &network))
            return error_set(err, LONGHAUL_EINVAL, "%s \"%.60s\": not a network (10.0.0.0/8) or an address", option,
                             networks[i]);
    return 0;
}

/* The same rule as ssh's for keys: whoever can read a key can act as its owner, and whoever can write the list of users
 * can add himself. */
static int check_secret(const char *path, struct longhaul_error *err)
{
    struct stat is;
    if (stat(path, &is) < 0)
        return error_errno(err, LONGHAUL_EIO, "%s", path);
    if (is.st_uid != geteuid() && is.st_uid != 0)
        return error_set(err, LONGHAUL_EINVAL, "%s: belongs to another user (%u)", path, is.st_uid);
    unsigned wide = is.st_mode & (is.st_uid == geteuid() ? 077 : 027);
    if (wide != 0)
        return error_set(err, LONGHAUL_EINVAL, "%s: others can %s it (mode %04o): chmod 600", path,
                         wide & 022 ? "write" : "read", is.st_mode & 07777u);
    return 0;
}

static int check_authentication(const struct longhaul_server_options *o, struct longhaul_error *err)
{
    if (!o->authorized_users != !o->private_key)
        return error_set(err, LONGHAUL_EINVAL, "authorized users and the private key go together");
    if (o->private_key == NULL)
        return 0;
    if (access(o->authorized_users, R_OK) != 0)
        return error_errno(err, LONGHAUL_EIO, "%s", o->authorized_users);
    int rc = engine_check_key(o->private_key, true, err);
    rc = rc ? rc : check_secret(o->private_key, err);
    return rc ? rc : check_secret(o->authorized_users, err);
}

int serve_options_check(const struct longhaul_server_options *o, const uint16_t *ports, size_t n,
                        struct longhaul_error *err)
{
    if (!engine_is_built(err))
        return LONGHAUL_ENOTBUILT;
    if (o->n_allow > 0 && !engine_has_door())
        return error_set(err, LONGHAUL_ENOTBUILT, "allow: not with a shared libiperf: link liblonghaul.a");
    int rc = check_networks("allow", o->allow, o->n_allow, err);
    rc = rc ? rc : check_networks("own", o->own, o->n_own, err);
    rc = rc ? rc : check_networks("udp-from", o->udp_from, o->n_udp_from, err);
    if (rc != 0)
        return rc;
    if (o->dir && *o->dir == 0)
        return error_set(err, LONGHAUL_EINVAL, "folder \"\": no name");
    rc = check_authentication(o, err);
    for (size_t p = 0; p < n && rc == 0; p++)
        rc = ports[p] ? 0 : error_set(err, LONGHAUL_EINVAL, "port 0");
    return rc ? rc : metrics_check_options(o->metrics_path, o->metrics_s, err);
}
