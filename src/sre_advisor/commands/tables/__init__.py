"""What is known about programs, as data; every module names the source of its facts."""
