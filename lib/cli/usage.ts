/** What the command's exit code tells a script. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  token: 4,
  network: 5,
  timeout: 6,
  rateLimited: 7,
  interrupted: 130,
} as const;

/** What `--help` prints. */
export const usage = `telnyx-rooms: look a Telnyx video room up (unofficial)

Usage:
  telnyx-rooms get <id> [options]    show a room
  telnyx-rooms serve [options]       serve a fake provider on 127.0.0.1
  telnyx-rooms demo                  serve the fake, and show its room

Options of get:
  --sessions           with the room's sessions and the people in them
  --json               the room as JSON, with every field that came
  --token-file FILE    read the token from FILE, not from TELNYX_API_KEY
  --base-url URL       ask another server (default https://api.telnyx.com/v2)
  --timeout SECONDS    give up after this long, retries included (default 30)

Options of serve:
  --port N             the port (default 7070; 0 for any that is free)
  --rooms FILE.json    the rooms: one, or an array (default: an example)

  -h, --help           this text
  -v, --version        the version

The token comes from TELNYX_API_KEY or a file, never from an argument, where
other users of the machine could read it. NO_COLOR turns colour off.

Exit codes:
  0  done                            4  token missing or refused
  1  any other failure               5  no connection
  2  wrong usage, or no UUID         6  timed out
  3  no such room                    7  rate limited
                                   130  interrupted
`;
