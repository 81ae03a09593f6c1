// The FineTuning module.
