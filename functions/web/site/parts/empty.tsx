import type { ReactNode } from 'react';

/** There is nothing, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p><b>{title}</b></p>
      {children && <p className="quiet">{children}</p>}
    </div>
  );
}
