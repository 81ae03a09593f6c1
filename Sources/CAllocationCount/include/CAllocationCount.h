#pragma once

// Counts calls for memory: a program that links this has its own malloc in front of the C library's, which the dynamic
// linker then gives to all libraries too. For measurements only.

// Calls of malloc, calloc, realloc and their aligned kin so far, on all threads.
long allocation_count(void);

// Bytes in use, by the account of the C library.
long allocated_bytes(void);
