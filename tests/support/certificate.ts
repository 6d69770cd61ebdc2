import { must } from "../../scripts/sh.ts";

/** A certificate for 127.0.0.1, its key, and the authority that signed it. */
export async function makeCertificate() {
  const dir = await Deno.makeTempDir();
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const openssl = (command: string, ...args: string[]) =>
    must("openssl", [command, ...args], { cwd: dir });
  try {
    await openssl(
      "req",
      "-x509",
      ...key,
      ...["-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "1"],
      ...["-subj", "/CN=Test authority"],
    );
    await openssl(
      "req",
      ...key,
      ...["-nodes", "-keyout", "key.pem", "-out", "request.pem"],
      ...["-subj", "/CN=127.0.0.1"],
    );
    await Deno.writeTextFile(
      `${dir}/extensions`,
      "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n",
    );
    await openssl(
      "x509",
      ...["-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key"],
      ...["-CAcreateserial", "-extfile", "extensions", "-out", "cert.pem"],
    );
    const read = (file: string) => Deno.readTextFile(`${dir}/${file}`);
    return {
      ca: await read("ca.pem"),
      cert: await read("cert.pem"),
      key: await read("key.pem"),
    };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
