#include <sqlite3.h>

// The index of a database's write-ahead log, as SQLite itself maps it, in memory that all connections of all processes
// share (sqlite.org/walformat.html); null where there is none. It stays as long as the connection is open.
static inline const void *write_ahead_index(sqlite3 *database) {
    sqlite3_file *file = 0;
    int code = sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code != SQLITE_OK || !file || !file->pMethods || file->pMethods->iVersion < 2) return 0;
    void volatile *region = 0;
    code = file->pMethods->xShmMap(file, 0, 32768, 0, &region);
    return code == SQLITE_OK ? (const void *)region : 0;
}
