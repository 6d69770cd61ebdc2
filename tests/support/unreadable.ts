/** What throws when it is read, with the secret in the error. */
export const secret = "KEY0123456789abcdef";

function throwSecret(): never {
  throw new Error(`It has ${secret} in it`);
}

/** A proxy with a field `name`, a trap of which throws. */
const trapped = (trap: keyof ProxyHandler<object>) =>
  new Proxy({ name: "standup" }, { [trap]: throwSecret });

const revoked = Proxy.revocable({}, {});
revoked.revoke();

/** Proxies that throw, by the trap; the last in any. */
export const unreadable: Record<string, object> = {
  get: trapped("get"),
  ownKeys: trapped("ownKeys"),
  getPrototypeOf: trapped("getPrototypeOf"),
  getOwnPropertyDescriptor: trapped("getOwnPropertyDescriptor"),
  "all, since it was revoked": revoked.proxy,
};

/** An object whose getter `name` throws. */
export const throwing = {
  get name(): string {
    return throwSecret();
  },
};
