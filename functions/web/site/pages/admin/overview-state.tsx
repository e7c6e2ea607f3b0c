// How our own parts stand: what lasts, what was checked, the keys and the queues.

import { api, type Schemas } from '~/api/client';
import { useFormats } from '~/view/format';
import { plural, useLanguage, useTexts, type Texts } from '~/view/language';
import { useCheck } from './checks';
import { titleOf } from './incidents-words';
import { NEIGHBOURS, QUEUES } from './neighbours';
import { Said } from './sign';
import { Tile } from './tile';

const EVERY = { refetchInterval: 30_000 };

interface Part {
  title: string;
  go: string;
  well: string;
}

interface Words {
  incidents: Part & { open: (count: number, more: boolean) => string };
  diagnostics: Part & { found: (errors: number, warnings: number) => string; never: string; stale: string };
  tokens: Part & { ends: (days: number) => string; broken: string; unknown: string; never: string; look: string; count: (count: number) => string };
  letters: Part & { stuck: (count: number) => string };
}

const TEXTS: Texts<Words> = {
  ru: {
    incidents: {
      title: 'Происшествия', go: 'Все происшествия', well: 'Открытых нет',
      open: (count, more) => (more ? `Открыто больше ${count}` : `Открыто: ${count}`),
    },
    diagnostics: {
      title: 'Диагностика', go: 'Открыть диагностику', well: 'Все проверки пройдены', never: 'Проверки ещё не было', stale: 'проверка устарела',
      found: (errors, warnings) =>
        [
          errors ? `${errors} ${plural('ru', errors, 'ошибка', 'ошибки', 'ошибок')}` : '',
          warnings ? `${warnings} ${plural('ru', warnings, 'предупреждение', 'предупреждения', 'предупреждений')}` : '',
        ].filter(Boolean).join(', '),
    },
    tokens: {
      title: 'Ключи доступа', go: 'Открыть ключи', well: 'Все ключи работают', broken: 'не работает', unknown: 'не удалось спросить', never: 'ещё не проверяли',
      ends: (days) => `осталось ${days} ${plural('ru', days, 'день', 'дня', 'дней')}`, look: 'обратите внимание',
      count: (count) => `Нужно внимание: ${count}`,
    },
    letters: {
      title: 'Застрявшие сообщения', go: 'Открыть очереди', well: 'Ничего не застряло', stuck: (count) => `Застряло: ${count}`,
    },
  },
  en: {
    incidents: {
      title: 'Incidents', go: 'All incidents', well: 'None is open',
      open: (count, more) => (more ? `More than ${count} open` : `Open: ${count}`),
    },
    diagnostics: {
      title: 'Diagnostics', go: 'Open diagnostics', well: 'All checks passed', never: 'There was no check yet', stale: 'the check is old',
      found: (errors, warnings) =>
        [
          errors ? `${errors} ${plural('en', errors, 'error', '', 'errors')}` : '',
          warnings ? `${warnings} ${plural('en', warnings, 'warning', '', 'warnings')}` : '',
        ].filter(Boolean).join(', '),
    },
    tokens: {
      title: 'Access keys', go: 'Open the keys', well: 'All keys work', broken: 'does not work', unknown: 'could not be asked', never: 'never checked',
      ends: (days) => `${days} ${plural('en', days, 'day', '', 'days')} left`, look: 'needs a look', count: (count) => `Need a look: ${count}`,
    },
    letters: { title: 'Stuck messages', go: 'Open the queues', well: 'Nothing is stuck', stuck: (count) => `Stuck: ${count}` },
  },
};

export function IncidentsTile() {
  const texts = useTexts(TEXTS).incidents;
  const language = useLanguage();
  const formats = useFormats();
  const query = api.useQuery('get', '/api/admin/incidents', { params: { query: { state: 'open', limit: 50 } } }, EVERY);
  return (
    <Tile
      title={texts.title} go={texts.go} page="/admin/incidents" query={query}
      tell={({ items, next_cursor: more }) => ({
        status: items.length ? 'error' : 'ok',
        short: items.length ? texts.open(items.length, more !== undefined) : texts.well,
        lines: items.map((incident) => <>{titleOf(language, incident)} <span className="quiet">{formats.ago(incident.since)}</span></>),
      })}
    />
  );
}

export function DiagnosticsTile() {
  const texts = useTexts(TEXTS).diagnostics;
  const formats = useFormats();
  const check = useCheck();
  const query = api.useQuery('get', '/api/admin/integrations/diagnostics/last', {}, EVERY);
  return (
    <Tile
      title={texts.title} go={texts.go} page="/admin/diagnostics" query={query}
      tell={({ data, stale, ran_at: at }) => {
        if (!data) return { status: 'unknown', short: texts.never, lines: [] };
        const of = (status: Schemas['DiagnosticStatus']) => data.diagnostics.filter((one) => one.status === status);
        const broken = [...of('error'), ...of('warning')];
        const said = broken.length ? texts.found(data.summary.error, data.summary.warning) : texts.well;
        return {
          status: stale && data.overall_status === 'ok' ? 'warning' : data.overall_status,
          short: [said, formats.ago(at), ...(stale ? [texts.stale] : [])].join(' · '),
          lines: broken.map(({ name, message }) => <><b>{check(name).title}:</b> <Said>{message}</Said></>),
        };
      }}
    />
  );
}

export function TokensTile() {
  const texts = useTexts(TEXTS).tokens;
  const names = useTexts(NEIGHBOURS);
  const query = api.useQuery('get', '/api/admin/token-health', {}, EVERY);
  const how = ({ status, checked_at: at, days_left: days }: Schemas['TokenState']) => {
    if (status === 'error') return texts.broken;
    if (status === 'unknown') return at ? texts.unknown : texts.never;
    return days === null ? texts.look : texts.ends(days);
  };
  return (
    <Tile
      title={texts.title} go={texts.go} page="/admin/tokens" query={query}
      tell={({ tokens }) => {
        const of = (status: Schemas['TokenState']['status']) => tokens.filter((one) => one.status === status);
        const [broken, ending, unknown] = [of('error'), of('warning'), of('unknown')];
        const all = [...broken, ...ending, ...unknown];
        return {
          status: broken.length ? 'error' : ending.length ? 'warning' : unknown.length ? 'unknown' : 'ok',
          short: all.length ? texts.count(all.length) : texts.well,
          lines: all.map((token) => <><b>{names[token.name]}:</b> {how(token)}</>),
        };
      }}
    />
  );
}

export function DeadLettersTile() {
  const texts = useTexts(TEXTS).letters;
  const formats = useFormats();
  const names = useTexts(QUEUES);
  const query = api.useQuery('get', '/api/admin/dead-letters', {}, EVERY);
  return (
    <Tile
      title={texts.title} go={texts.go} page="/admin/dead-letters" query={query}
      tell={({ items }) => {
        const stuck = items.filter(({ waiting }) => waiting > 0);
        const count = stuck.reduce((sum, { waiting }) => sum + waiting, 0);
        return {
          status: count ? 'error' : 'ok',
          short: count ? texts.stuck(count) : texts.well,
          lines: stuck.map(({ queue, waiting }) => <><b>{names[queue]}:</b> {formats.number(waiting)}</>),
        };
      }}
    />
  );
}
