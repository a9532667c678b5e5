// Compiles the modules of a tar archive with Pyodide: node compile.mjs PYODIDE SOURCE.tar OUTPUT.tar

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, source, output] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
// lines without columns, which take a tenth of the code
const env = { PYTHONNODEBUGRANGES: "1" };
const python = await loadPyodide({ indexURL: join(folder, "/"), env });
python.FS.writeFile("/source.tar", readFileSync(source));
python.runPython(`
import io, marshal, struct, tarfile
from importlib.util import MAGIC_NUMBER

HEAD = MAGIC_NUMBER + struct.pack("<LLL", 0, 0, 0)
# the pages of rules are docstrings, and Pyodide reads its own
WITH_DOCSTRINGS = ("loracfg/rules/", "_pyodide/", "pyodide/")

def compiled(name, source):
    level = 0 if name.startswith(WITH_DOCSTRINGS) else 2
    return HEAD + marshal.dumps(compile(source, name, "exec", dont_inherit=True, optimize=level))

given = tarfile.open("/source.tar")
made = tarfile.open("/output.tar", "w", format=tarfile.USTAR_FORMAT)
with given, made:
    for member in given:
        data = given.extractfile(member).read()
        if member.name.endswith(".py"):
            name, member.name = member.name, member.name + "c"
            data = compiled(name, data)
            member.size = len(data)
        made.addfile(member, io.BytesIO(data))
`);
writeFileSync(output, python.FS.readFile("/output.tar"));
