import type { ReactNode } from 'react';
import { useId } from 'react';

interface Properties {
  title: ReactNode;
  /** Beside the title: a switch, a link. */
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A part of a page with a title of its own. */
export function Card({ title, aside, children, className = '' }: Properties) {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <header className="card-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
