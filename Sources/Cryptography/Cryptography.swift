// The Cryptography module.
