/** What every kind of status means that is no success. */
export const statuses: [
  status: number,
  code: string,
  /** Whether the failure is temporary, so that an idempotent request is sent again. */
  isTemporary: boolean,
][] = [
  [400, "bad_request", false],
  [401, "unauthorized", false],
  [403, "forbidden", false],
  [404, "not_found", false],
  [405, "unexpected_status", false],
  [408, "unexpected_status", true],
  [409, "unexpected_status", false],
  [410, "unexpected_status", false],
  [422, "unprocessable", false],
  [429, "rate_limited", true],
  [500, "server_error", true],
  [501, "server_error", false],
  [502, "server_error", true],
  [503, "server_error", true],
  [504, "server_error", true],
  [599, "server_error", false],
];

/** The statuses of temporary failures. */
export const temporaryStatuses: number[] = statuses
  .filter(([, , isTemporary]) => isTemporary).map(([status]) => status);
