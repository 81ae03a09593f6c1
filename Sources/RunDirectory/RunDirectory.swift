// The RunDirectory module.
