// All teams at a glance: whose money came back, and whether the figures can be trusted.

import './main.css';

import { Redirect } from 'wouter';
import { useTexts, type Texts } from '~/view/language';
import { usePerson } from '~/view/person';
import { useView, useViewSearch } from '~/view/view';
import { Overview } from './overview';
import { Teams } from './teams';
import { Unattributed } from './unattributed';

const TEXTS: Texts<string> = { ru: 'Воронка', en: 'Funnel' };

export function Main() {
  const title = useTexts(TEXTS);
  const { role, teams } = usePerson();
  const { days, basis } = useView();
  const view = useViewSearch();
  const [own, ...others] = teams;
  if (role === 'buyer' && own && others.length === 0) return <Redirect to={`/traffic/cabinet/${own.id}${view}`} replace />;
  return (
    <Overview title={title}>
      {(answer, byDay) => (
        <>
          <Teams answer={answer} />
          {answer.unattributed && (
            <Unattributed
              of={answer.unattributed} days={days} isBySaleDate={basis === 'sale_date'} unmatched={byDay.spend.data?.unmatched}
            />
          )}
        </>
      )}
    </Overview>
  );
}
