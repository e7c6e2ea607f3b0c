import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useIsAdmin } from '~/view/person';

type DealEvent = Schemas['DealEvent'];

interface Words {
  origins: Record<DealEvent['origin'], string>;
  routes: Record<DealEvent['route'], string>;
  actions: Record<DealEvent['action'], string>;
  stages: Record<number, string>;
  stage: string;
  pipeline: string;
  noPrice: string;
  came: string;
  made: (version: number) => string;
  event: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    origins: { hook: 'Вебхук', read: 'Прочитали в amoCRM', journal: 'Журнал amoCRM', history: 'База прежней системы' },
    routes: { sales: 'все продажи', funnel: 'Express', traffic: 'Flagman' },
    actions: {
      add: 'сделка создана', update: 'сделка изменена', status: 'смена этапа', responsible: 'смена ответственного', restore: 'сделка восстановлена',
      delete: 'сделка удалена', widget: 'событие виджета',
    },
    stages: { 142: 'успешно реализовано', 143: 'закрыто и не реализовано' }, stage: 'этап', pipeline: 'воронка', noPrice: 'без суммы',
    came: 'пришло', made: (version) => `стала версия ${version}`, event: 'Событие целиком',
  },
  en: {
    origins: { hook: 'Hook', read: 'Read in amoCRM', journal: 'amoCRM’s journal', history: 'Database of the system before' },
    routes: { sales: 'all sales', funnel: 'Express', traffic: 'Flagship' },
    actions: {
      add: 'deal created', update: 'deal changed', status: 'stage changed', responsible: 'responsible person changed', restore: 'deal restored',
      delete: 'deal deleted', widget: 'event of a widget',
    },
    stages: { 142: 'won', 143: 'closed and lost' }, stage: 'stage', pipeline: 'pipeline', noPrice: 'no amount',
    came: 'came', made: (version) => `made version ${version}`, event: 'The whole event',
  },
};

interface Properties {
  events: readonly DealEvent[];
  versions: readonly Schemas['SaleVersion'][];
}

/** Every event of the deal, on any route, in the order in which they happened. */
export function Timeline({ events, versions }: Properties) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const isAdmin = useIsAdmin();
  const stage = (id: number | null) => (id === null ? null : (texts.stages[id] ?? `${texts.stage} ${id}`));
  return (
    <ol className="timeline">
      {events.map((event) => {
        const made = versions.filter(({ event_id: id }) => id === event.event_id);
        const stages = [stage(event.old_stage_id), stage(event.stage_id)].filter((one) => one !== null).join(' → ');
        return (
          <li key={event.event_id} id={`event-${event.event_id}`}>
            <p className="row">
              <b>{formats.moment(event.happened_at)}</b>
              <span className="badge">{texts.origins[event.origin]}</span>
              <span className="badge">{texts.routes[event.route]}</span>
              {made.map(({ version }) => <a key={version} className="badge good" href={`#version-${version}`}>{texts.made(version)}</a>)}
            </p>
            <p>
              {texts.actions[event.action]}
              {stages && `: ${stages}`}
              {` · ${event.price ? formats.money(event.price) : texts.noPrice}`}
            </p>
            <p className="quiet">
              {event.pipeline_id !== null && `${texts.pipeline} ${event.pipeline_id} · `}
              {texts.came} {formats.moment(event.received_at)}
              {isAdmin && event.origin === 'hook' && <> · <Link href={`/admin/events/${event.event_id}`}>{texts.event}</Link></>}
            </p>
          </li>
        );
      })}
    </ol>
  );
}
