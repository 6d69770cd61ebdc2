import { must } from "../../scripts/sh.ts";

/** A certificate for 127.0.0.1, which is its own authority, and its key. */
export async function makeCertificate() {
  const dir = await Deno.makeTempDir();
  const extensions = [
    "subjectAltName=IP:127.0.0.1",
    "basicConstraints=CA:FALSE",
  ];
  try {
    await must("openssl", [
      ...["req", "-x509", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"],
      ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
      ...extensions.flatMap((extension) => ["-addext", extension]),
      ...["-keyout", "key.pem", "-out", "cert.pem"],
    ], { cwd: dir });
    const read = (file: string) => Deno.readTextFile(`${dir}/${file}`);
    const cert = await read("cert.pem");
    return { key: await read("key.pem"), cert, ca: cert };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
