import type { ReactNode } from 'react';
import type { Schemas } from '~/api/client';
import { Whose } from '~/parts/whose';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useProductNames } from '~/view/product';

type Version = Schemas['SaleVersion'];

interface Words {
  version: string;
  began: string;
  byForm: string;
  byEvent: string;
  byRules: string;
  same: string;
  fields: Record<Field, string>;
  states: Record<Version['state'], string>;
}

const FIELDS = ['state', 'product', 'amount', 'team', 'sold_at'] as const;
type Field = (typeof FIELDS)[number];

const TEXTS: Texts<Words> = {
  ru: {
    version: 'Версия', began: 'Продажа записана', byForm: 'из-за заявки', byEvent: 'из-за этого события', byRules: 'правила применили заново', same: 'Изменилось только то, откуда это известно',
    fields: { state: 'Состояние', product: 'Продукт', amount: 'Сумма', team: 'Команда', sold_at: 'Оплачена' },
    states: { active: 'оплачена', cancelled: 'отменена' },
  },
  en: {
    version: 'Version', began: 'The sale was recorded', byForm: 'because of a form', byEvent: 'because of this event', byRules: 'rules were applied anew', same: 'Only how it is known has changed',
    fields: { state: 'State', product: 'Product', amount: 'Amount', team: 'Team', sold_at: 'Sold' },
    states: { active: 'counts', cancelled: 'cancelled' },
  },
};

interface Properties {
  versions: readonly Version[];
  events: readonly Schemas['DealEvent'][];
}

/** The versions of the sale, the newest first, each with what changed against the one before. */
export function Versions({ versions, events }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const steps = versions.map((version, index) => ({ version, before: versions[index - 1] })).reverse();
  return (
    <ol className="timeline">
      {steps.map(({ version, before }) => (
        <li key={version.version} id={`version-${version.version}`}>
          <p className="row">
            <b>{texts.version} {version.version}</b>
            <span className="quiet">{formats.moment(version.recorded_at)}</span>
            {version.event_id.startsWith('lead-') && <span className="badge">{texts.byForm}</span>}
            {version.event_id.startsWith('rules-') && <span className="badge">{texts.byRules}</span>}
            {events.some(({ event_id: id }) => id === version.event_id) && <a href={`#event-${version.event_id}`}>{texts.byEvent}</a>}
          </p>
          {!before && <p>{texts.began}</p>}
          <Changes version={version} before={before} texts={texts} />
        </li>
      ))}
    </ol>
  );
}

function Changes({ version, before, texts }: { version: Version; before: Version | undefined; texts: Words }) {
  const formats = useFormats();
  const names = useProductNames();
  const write: Record<Field, (of: Version) => ReactNode> = {
    state: (of) => texts.states[of.state],
    product: (of) => names[of.product],
    amount: (of) => formats.money(of.amount),
    team: (of) => <Whose team={of.team} />,
    sold_at: (of) => `${formats.day(of.sold_at.slice(0, 10))}, ${formats.clock(of.sold_at)}`,
  };
  const changed = FIELDS.filter((field) => !before || keyOf(version, field) !== keyOf(before, field));
  if (changed.length === 0) return <p className="quiet">{texts.same}</p>;
  return (
    <ul className="values">
      {changed.map((field) => (
        <li key={field} data-changed={field}>
          {texts.fields[field]}: {before && <><span className="quiet">{write[field](before)}</span> → </>}{write[field](version)}
        </li>
      ))}
    </ul>
  );
}

function keyOf(version: Version, field: Field): string {
  return field === 'amount' ? `${version.amount.amount} ${version.amount.currency}` : String(version[field]);
}
