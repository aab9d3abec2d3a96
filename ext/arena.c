#include "compiler.h"

#include "arena.h"

/* Pieces are rounded up to this, which suits every type that is stored. */
#define ALIGNMENT 8

/* What a block holds unless one piece needs more. Large enough that ten thousand names are few
 * blocks, small enough that a call with three operations stays small. */
#define BLOCK_SIZE 16384

struct mig_arena_block {
    struct mig_arena_block *next;
    size_t used;
    size_t size;
    /* `size` bytes follow */
};

void mig_arena_init(struct mig_arena *arena)
{
    arena->blocks = NULL;
}

void mig_arena_release(struct mig_arena *arena)
{
    while (arena->blocks != NULL) {
        struct mig_arena_block *next = arena->blocks->next;

        sqlite3_free(arena->blocks);
        arena->blocks = next;
    }
}

static void *take_piece(struct mig_arena_block *block, size_t size)
{
    unsigned char *piece = (unsigned char *)(block + 1) + block->used;

    block->used += size;
    return piece;
}

/* `size` bytes of a block that has room for them. */
static void *find_room(struct mig_session *s, struct mig_arena *arena, size_t size)
{
    const size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct mig_arena_block *block = arena->blocks;

    if (!mig_session_ok(s))
        return NULL;
    if (block == NULL || block->size - block->used < rounded) {
        const size_t wanted = rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE;

        block = sqlite3_malloc64(sizeof(*block) + wanted);
        if (block == NULL) {
            mig_session_fail_memory(s);
            return NULL;
        }
        block->next = arena->blocks;
        block->used = 0;
        block->size = wanted;
        arena->blocks = block;
    }
    return take_piece(block, rounded);
}

void *mig_arena_alloc(struct mig_session *s, struct mig_arena *arena, size_t size)
{
    void *piece = find_room(s, arena, size);

    if (piece != NULL)
        memset(piece, 0, size);
    return piece;
}

char *mig_arena_copy(struct mig_session *s, struct mig_arena *arena, const void *bytes,
                     size_t length)
{
    char *copy = find_room(s, arena, length + 1);

    if (copy == NULL)
        return NULL;
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

const char *mig_arena_text(struct mig_session *s, struct mig_arena *arena, const char *text)
{
    return text == NULL ? NULL : mig_arena_copy(s, arena, text, strlen(text));
}

void *mig_array_add(struct mig_session *s, void **array, size_t count, size_t *capacity,
                    size_t size)
{
    unsigned char *place;

    if (!mig_session_ok(s))
        return NULL;
    if (count == *capacity) {
        const size_t wanted = count == 0 ? 16 : 2 * count;
        void *larger = sqlite3_realloc64(*array, wanted * size);

        if (larger == NULL) {
            mig_session_fail_memory(s);
            return NULL;
        }
        *array = larger;
        *capacity = wanted;
    }
    place = (unsigned char *)*array + count * size;
    memset(place, 0, size);
    return place;
}
