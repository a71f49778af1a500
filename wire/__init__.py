"""What every door needs of a carrier's wire: a webhook and its fields, Indian numbers, the alphabet of GSM phones."""
