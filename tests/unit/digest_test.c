#include "digest.h"
#include "tap.h"

/* Examples of FIPS 180-4 (https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values)
 * and of NIST's SHA256ShortMsg.rsp; the empty message is the first of the latter. */
#define OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define OF_ABC     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define OF_56      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
#define OF_MILLION "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static const char text_56[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

/* The digest of a text fed in pieces of `piece` bytes. */
static void digest_pieces(const char *text, size_t piece, char out_hex[MIG_DIGEST_SIZE])
{
    const size_t length = strlen(text);
    struct mig_digest digest;

    mig_digest_begin(&digest);
    for (size_t i = 0; i < length; i += piece)
        mig_digest_add(&digest, text + i, length - i < piece ? length - i : piece);
    if (!mig_digest_end(&digest, out_hex))
        (void)snprintf(out_hex, MIG_DIGEST_SIZE, "failed");
}

static void test_digest(struct tap *tap)
{
    char hex[MIG_DIGEST_SIZE];
    struct mig_digest digest;

    digest_pieces("", 1, hex);
    tap_same(tap, hex, OF_NOTHING, "digest: of no bytes");
    digest_pieces("abc", 3, hex);
    tap_same(tap, hex, OF_ABC, "digest: of one block");
    digest_pieces(text_56, sizeof text_56, hex);
    tap_same(tap, hex, OF_56, "digest: of two blocks");
    digest_pieces(text_56, 1, hex);
    tap_same(tap, hex, OF_56, "digest: byte by byte is the same");
    digest_pieces(text_56, 7, hex);
    tap_same(tap, hex, OF_56, "digest: in pieces is the same");

    mig_digest_begin(&digest);
    mig_digest_add(&digest, "a", 1);
    mig_digest_add(&digest, "", 0);
    mig_digest_add(&digest, NULL, 0);
    mig_digest_add(&digest, "bc", 2);
    tap_ok(tap, mig_digest_end(&digest, hex) && strcmp(hex, OF_ABC) == 0,
           "digest: an empty piece changes nothing");

    mig_digest_begin(&digest);
    mig_digest_add(&digest, "a\0b", 3);
    tap_ok(tap, mig_digest_end(&digest, hex), "digest: takes a NUL byte");
    tap_same(tap, hex, "59b271ae1bbcb1d31d41929817f4b16fb439eb4f31520b5ad1d5ce98920a7138",
             "digest: a NUL byte ends nothing");
}

static void test_long(struct tap *tap)
{
    char thousand[1000];
    char hex[MIG_DIGEST_SIZE];
    struct mig_digest digest;

    memset(thousand, 'a', sizeof thousand);
    mig_digest_begin(&digest);
    for (int i = 0; i < 1000; i++)
        mig_digest_add(&digest, thousand, sizeof thousand);
    tap_ok(tap, mig_digest_end(&digest, hex) && strcmp(hex, OF_MILLION) == 0,
           "digest: of a million bytes");
}

static void test_two(struct tap *tap)
{
    char hex[MIG_DIGEST_SIZE];
    struct mig_digest one;
    struct mig_digest two;

    mig_digest_begin(&one);
    mig_digest_begin(&two);
    mig_digest_add(&one, "ab", 2);
    mig_digest_add(&two, text_56, strlen(text_56));
    mig_digest_add(&one, "c", 1);
    tap_ok(tap, mig_digest_end(&two, hex) && strcmp(hex, OF_56) == 0,
           "digest: is kept apart from another one");
    tap_ok(tap, mig_digest_end(&one, hex) && strcmp(hex, OF_ABC) == 0,
           "digest: goes on after the end of another one");
}

/* What a digest is once libcrypto has failed: it has no context. */
static void test_failed(struct tap *tap)
{
    char hex[MIG_DIGEST_SIZE] = "something";
    struct mig_digest digest = {.context = NULL};

    mig_digest_add(&digest, "abc", 3);
    tap_ok(tap, !mig_digest_end(&digest, hex), "digest: a failure is kept until the end");
    tap_same(tap, hex, "", "digest: a failure gives the empty text");
}

static void test_operation(struct tap *tap)
{
    char hex[MIG_DIGEST_SIZE];

    tap_ok(tap, mig_digest_operation("abc", 3, NULL, 0, hex) && strcmp(hex, OF_ABC) == 0,
           "operation: without rollback code it is the digest of the code");
    tap_ok(tap, mig_digest_operation("ab", 2, "c", 1, hex) && strcmp(hex, OF_ABC) == 0,
           "operation: rollback code stands behind the code");
    tap_ok(tap, mig_digest_operation("abc", 3, "", 0, hex) && strcmp(hex, OF_ABC) == 0,
           "operation: empty rollback code is as none");
    tap_ok(tap, mig_digest_operation("", 0, "abc", 3, hex) && strcmp(hex, OF_ABC) == 0,
           "operation: the code can be empty");
    tap_ok(tap, mig_digest_operation(NULL, 0, NULL, 0, hex) && strcmp(hex, OF_NOTHING) == 0,
           "operation: of nothing is the digest of no bytes");
}

int main(void)
{
    struct tap tap = {0, 0};

    test_digest(&tap);
    test_long(&tap);
    test_two(&tap);
    test_failed(&tap);
    test_operation(&tap);
    return tap_end(&tap);
}
