"""no_plots.py SCRIPT: runs the script that longhaul replaces, in this folder, with its plots cut out: without matplotlib, so that what is
left is reading, statistics and the table."""
import importlib.util, sys, types

for name in "matplotlib", "matplotlib.pyplot", "matplotlib.ticker":
    sys.modules[name] = types.ModuleType(name)
sys.modules["matplotlib.pyplot"].Axes = object
spec = importlib.util.spec_from_file_location("reference", sys.argv[1])
module = sys.modules["reference"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.save_pair_plots = module.save_direction_plots = lambda pairs: None
module.main()
