"""Training and measuring the small models; needs the extra `train`. Nothing at run time imports it."""
