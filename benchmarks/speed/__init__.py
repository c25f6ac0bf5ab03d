"""What checking costs, as a multiple of decoding the same PNG."""
