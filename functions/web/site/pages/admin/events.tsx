// Every hook that came, newest first, with what became of it; and taking those of a filter in again.

import { api } from '~/api/client';
import { BY_CURSOR } from '~/api/lists';
import { PeriodBar } from '~/layout/period-bar';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { More } from '~/parts/more';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';
import { EventList } from './events-list';
import { ReplayMany } from './events-replay';
import { OneOf } from './one-of';
import { WORDS, type Outcome, type Route } from './outcome';
import { useParameter } from './parameter';

interface Words {
  title: string;
  outcome: string;
  route: string;
  any: string;
  none: string;
  widen: string;
  noneYet: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'События', outcome: 'Результат', route: 'Вход', any: 'все', none: 'За эти дни ничего не пришло',
    widen: 'Выберите период шире или снимите фильтр.', noneYet: 'На этой странице подходящих нет, но дальше могут быть.',
  },
  en: {
    title: 'Events', outcome: 'Outcome', route: 'Door', any: 'all', none: 'Nothing came in these days',
    widen: 'Choose a longer period or take the filter away.', noneYet: 'There are none on this page; there may be further on.',
  },
};

/** Nothing is listed as a duplicate or as waiting: the first event stands for the one, and the other is not stored yet. */
const LISTED: readonly Outcome[] = ['quarantined', 'recorded', 'updated', 'ignored'];
const ROUTES: readonly Route[] = ['sales', 'funnel', 'traffic'];

export function Events() {
  const texts = useTexts(TEXTS);
  const words = useTexts(WORDS);
  const { days } = useView();
  const [outcome, setOutcome] = useParameter('outcome', LISTED);
  const [route, setRoute] = useParameter('route', ROUTES);
  const filter = { from: days.from, to: days.to, ...(outcome && { outcome }), ...(route && { route }) };
  const events = api.useInfiniteQuery('get', '/api/admin/events', { params: { query: filter } }, BY_CURSOR);
  const items = events.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className="row">
        <PeriodBar />
        <OneOf label={texts.outcome} all={texts.any} value={outcome} onChange={setOutcome} choices={LISTED.map((each) => [each, words.outcomes[each]] as const)} />
        <OneOf label={texts.route} all={texts.any} value={route} onChange={setRoute} choices={ROUTES.map((each) => [each, words.routes[each]] as const)} />
      </div>
      <ReplayMany key={JSON.stringify(filter)} filter={filter} />
      <Card title={texts.title}>
        {events.error && !events.data && <Failed error={events.error} again={() => void events.refetch()} />}
        {events.isPending && <Waiting lines={12} height={560} />}
        {items.length > 0 && <EventList items={items} />}
        {events.data && items.length === 0 && (
          <Empty title={texts.none}>{events.hasNextPage ? texts.noneYet : texts.widen}</Empty>
        )}
        <More list={events} />
      </Card>
    </>
  );
}
