"""Finding medicines, symptoms, lab results, times and their status in what people write."""
