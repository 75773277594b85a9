/** @returns a function that runs commands one after another, each when the one before has ended, well or badly */
export function turns(): <T>(command: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (command) => {
    const result = last.then(command);
    last = result.catch(() => undefined);
    return result;
  };
}
