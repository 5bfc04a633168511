# Has matchering bring songs to other songs' tone and loudness. Argument: a list of [target, reference, result], files, as JSON.
import json
import sys

import matchering

for target, reference, result in json.loads(sys.argv[1]):
    matchering.process(target=target, reference=reference, results=[matchering.pcm24(result)])
