"""The parts of the generator of the sample data. Start it by `make.py` in the folder above."""
