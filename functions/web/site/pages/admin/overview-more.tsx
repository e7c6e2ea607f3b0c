// What costs sales or money without anything being broken: hooks that could not be read, ads with broken tags.

import { api } from '~/api/client';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';
import { Said } from './sign';
import { Tile } from './tile';
import { KIND_NAMES } from './utm-check-kinds';

interface Words {
  quarantine: { title: string; go: string; well: string; some: (count: string) => string };
  utm: { title: string; go: string; well: string; never: string; broken: (count: number) => string };
}

const TEXTS: Texts<Words> = {
  ru: {
    quarantine: {
      title: 'Непрочитанные хуки', go: 'Открыть события', well: 'Всё прочитано', some: (count) => `За период не прочитано: ${count}`,
    },
    utm: {
      title: 'Метки объявлений', go: 'Открыть проверку UTM', well: 'Метки в порядке', never: 'Проверки ещё не было',
      broken: (count) => `Объявлений с ошибками: ${count}`,
    },
  },
  en: {
    quarantine: {
      title: 'Hooks not read', go: 'Open the events', well: 'All were read', some: (count) => `Not read in the period: ${count}`,
    },
    utm: {
      title: 'Tags of ads', go: 'Open the UTM check', well: 'The tags are right', never: 'There was no check yet',
      broken: (count) => `Ads with mistakes: ${count}`,
    },
  },
};

const EVERY = { refetchInterval: 30_000 };
const MOST = 50;

export function QuarantineTile() {
  const texts = useTexts(TEXTS).quarantine;
  const formats = useFormats();
  const { days } = useView();
  const asked = { params: { query: { outcome: 'quarantined' as const, from: days.from, to: days.to, limit: MOST } } };
  const query = api.useQuery('get', '/api/admin/events', asked, EVERY);
  return (
    <Tile
      title={texts.title} go={texts.go} page={`/admin/events?outcome=quarantined&from=${days.from}&to=${days.to}`} query={query}
      tell={({ items, next_cursor: more }) => ({
        // A page may be empty though more pages follow.
        status: items.length || more !== undefined ? 'warning' : 'ok',
        short: more !== undefined ? texts.some(`${items.length}+`) : items.length ? texts.some(String(items.length)) : texts.well,
        lines: items.map(({ received_at: at, problems }) => <>{formats.moment(at)} <Said>{problems[0]}</Said></>),
      })}
    />
  );
}

export function UtmTile() {
  const texts = useTexts(TEXTS).utm;
  const kinds = useTexts(KIND_NAMES);
  const formats = useFormats();
  const query = api.useQuery('get', '/api/admin/utm-check', { params: { query: { limit: 4 } } }, EVERY);
  return (
    <Tile
      title={texts.title} go={texts.go} page="/admin/utm-check" query={query}
      tell={({ summary, items, checked_at: at }) => {
        if (!at) return { status: 'unknown', short: texts.never, lines: [] };
        const isCostly = summary.spend_at_risk.some(({ amount }) => amount > 0);
        const cost = isCostly ? ` · ${formats.tenge(summary.spend_at_risk_kzt)}` : '';
        return {
          status: summary.with_findings === 0 ? 'ok' : isCostly ? 'error' : 'warning',
          short: summary.with_findings ? `${texts.broken(summary.with_findings)}${cost}` : texts.well,
          lines: items.map(({ ad_id: id, ad_name: name, account_name: account, findings, spend_kzt: spend }) => (
            <><b>{name ?? id}</b> ({account}): {[...new Set(findings.map((found) => kinds[found.kind]))].join(', ')}{spend !== null && `, ${formats.tenge(spend)}`}</>
          )),
        };
      }}
    />
  );
}
