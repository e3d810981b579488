/* engine_key.c - checks that a file is an RSA key that iperf3's user authentication can use. libiperf would notice only
 * at the first client, and would not say what is wrong. Keeps nothing of the key. */

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>

#include "base/error.h"
#include "engine/engine.h"

/* Without this OpenSSL would ask at the terminal. */
static int no_passphrase(char *buffer, int size, int is_writing, void *payload)
{
    (void)buffer, (void)size, (void)is_writing, (void)payload;
    return 0;
}

int engine_check_key(const char *path, bool is_private, struct longhaul_error *err)
{
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return error_errno(err, LONGHAUL_EIO, "%s", path);
    EVP_PKEY *key = is_private ? PEM_read_PrivateKey(in, NULL, no_passphrase, NULL)
                               : PEM_read_PUBKEY(in, NULL, no_passphrase, NULL);
    bool is_rsa = key && EVP_PKEY_base_id(key) == EVP_PKEY_RSA;
    EVP_PKEY_free(key);
    fclose(in);
    return is_rsa ? 0
                  : error_set(err, LONGHAUL_EINVAL, "%s: not an RSA %s key in PEM%s", path,
                              is_private ? "private" : "public", is_private ? " without a passphrase" : "");
}
