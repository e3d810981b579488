#!/usr/bin/env python3
"""reference_summary.py PROCESS_24H.py FOLDER: what the reference script writes for FOLDER/24H, without its charts."""
import importlib.util
import os
import sys
import types

for name in ("matplotlib", "matplotlib.pyplot", "matplotlib.ticker"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["matplotlib.pyplot"].Axes = object
path = os.path.realpath(sys.argv[1])
os.chdir(sys.argv[2])
spec = importlib.util.spec_from_file_location("reference", path)
module = importlib.util.module_from_spec(spec)
sys.modules["reference"] = module
spec.loader.exec_module(module)
results = [module.load_direction(f) for f in sorted(module.DATA_DIR.glob("*.json"))]
module.write_summary(results, module.group_by_pair(results))
