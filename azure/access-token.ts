/**
 * A bearer token that outlives its time: a deployment takes half an hour, and what is left of a token may be minutes.
 *
 * @param refused the token that a server no longer takes; the answer is then another one, if there is one
 */
export type AccessToken = (refused?: string) => Promise<string>;

/** Keeps a token until it is refused; whoever finds it refused at the same time shares the next one. */
export function keepToken(take: () => Promise<string>): AccessToken {
  let known: Promise<string> | undefined;
  const next = (): Promise<string> => {
    const taken = take();
    // A token that could not be had is asked for again the next time.
    taken.catch(() => {
      if (known === taken) known = undefined;
    });
    return taken;
  };
  return async (refused) => {
    const kept = (known ??= next());
    const token = await kept;
    if (token !== refused) return token;
    return known === kept ? (known = next()) : (known ??= next());
  };
}

/** Sends with the token, and once more with a new one where it is refused (401). */
export async function sendWithToken<T extends { status: number }>(token: AccessToken, send: (token: string) => Promise<T>): Promise<T> {
  const first = await token();
  const answer = await send(first);
  if (answer.status !== 401) return answer;
  const second = await token(first);
  return second === first ? answer : send(second);
}
