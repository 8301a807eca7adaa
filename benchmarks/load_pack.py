"""Times the loading of rule packs, without the imports. Prints seconds and the number of rules."""

import json
import sys
import time

from lacaudit.packs.load import load_packs

if __name__ == "__main__":
    begun = time.perf_counter()
    packs = load_packs(sys.argv[1:])
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "rules": sum(len(p.rules) for p in packs)}))
