import { Card } from '~/parts/card';
import { useTexts, type Texts } from '~/view/language';
import { useDraft } from './draft';
import { NumberField } from './field';
import { SaveBar } from './save-bar';
import { SectionForm } from './section-form';
import { PAYMENT_METHODS, type PaymentMethod } from './section';

interface Words {
  title: string;
  what: string;
  pipeline: string;
  pipelineHint: string;
  stage: string;
  stageHint: string;
  methods: Record<PaymentMethod, string>;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Этапы оплаты',
    what: 'Заявка на Express попадает в эту воронку amoCRM и переходит на этап выбранного способа оплаты.',
    pipeline: 'Номер воронки', pipelineHint: 'Виден в адресе воронки в amoCRM: …/leads/pipeline/<номер>.',
    stage: 'номер этапа', stageHint: 'Пусто: сделка остаётся на своём этапе.',
    methods: { kaspi: 'Kaspi', halyk: 'Halyk', robokassa: 'Robokassa' },
  },
  en: {
    title: 'Payment stages',
    what: 'An order of Express comes into this pipeline of amoCRM and goes to the stage of the payment method that was chosen.',
    pipeline: 'Number of the pipeline', pipelineHint: 'It stands in its address in amoCRM: …/leads/pipeline/<number>.',
    stage: 'number of the stage', stageHint: 'Empty: the deal stays at its stage.',
    methods: { kaspi: 'Kaspi', halyk: 'Halyk', robokassa: 'Robokassa' },
  },
};

export function PaymentStagesTab() {
  const texts = useTexts(TEXTS);
  const draft = useDraft('payment_stages');
  const nameOf = (name: string) =>
    name === 'pipeline_id' ? texts.pipeline : name === 'stages' ? texts.title : `${texts.methods[name.replace('stages.', '') as PaymentMethod] ?? name}`;
  return (
    <div className="stack">
      <Card title={texts.title}>
        <p className="quiet">{texts.what}</p>
        <SectionForm draft={draft} height={160}>
          {(value, change) => (
            <div className="fields">
              <NumberField
                path="pipeline_id" label={texts.pipeline} hint={texts.pipelineHint} value={value.pipeline_id}
                onChange={(pipeline_id) => change({ pipeline_id })}
              />
              {PAYMENT_METHODS.map((method) => (
                <NumberField
                  key={method} path={`stages.${method}`} label={`${texts.methods[method]}: ${texts.stage}`} hint={texts.stageHint}
                  value={value.stages[method] ?? 0}
                  onChange={(stage) => {
                    const { [method]: _, ...others } = value.stages;
                    change({ stages: stage ? { ...others, [method]: stage } : others });
                  }}
                />
              ))}
            </div>
          )}
        </SectionForm>
      </Card>
      <SaveBar drafts={[draft]} nameOfPiece={(_, name) => nameOf(name)} nameOfField={nameOf} />
    </div>
  );
}
