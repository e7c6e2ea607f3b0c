// Going back is heard of here before the router hears of it, so that whoever has unsaved changes can be asked first.
// The browser tells those who listen to the window in the order in which they began to, so the first script imports this.

type Guard = (event: PopStateEvent) => void;

let guard: Guard | null = null;

addEventListener('popstate', (event) => guard?.(event));

/** Asks `next` of every going back, until the returned function is called. */
export function guardBack(next: Guard): () => void {
  guard = next;
  return () => {
    if (guard === next) guard = null;
  };
}
