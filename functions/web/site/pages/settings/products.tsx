import { Card } from '~/parts/card';
import { useTexts, type Texts } from '~/view/language';
import { useDraft } from './draft';
import { NumberField } from './field';
import { ApplyCard } from './apply';
import { PreviewCard } from './preview';
import { SaveBar } from './save-bar';
import { SectionForm } from './section-form';
import type { ProductRule } from './section';
import { StagePairs } from './stage-pairs';
import { UtmFields } from './utm-fields';

interface Words {
  what: string;
  products: Record<ProductRule['product'], string>;
  list: string;
  listHint: string;
  from: string;
  to: string;
  stages: string;
  stagesHint: string;
  which: string;
  sale: string;
  saleHint: string;
  excluded: string;
  excludedHint: string;
  utm: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    what: 'Продукт узнаётся по этапу amoCRM, а если этап не указан, по цене сделки. Цена вне этих границ попадает в «другое».',
    products: { express: 'Express', flagship: 'Flagman' }, list: 'Цена по прайсу',
    listHint: 'Берётся, когда amoCRM не сообщает цену, и называется в сообщениях.', from: 'Цена сделки от', to: 'до, включительно',
    stages: 'Этапы этого продукта', stagesHint: 'Сделка на таком этапе считается этим продуктом при любой цене.',
    which: 'Что считать продажей', sale: 'Этапы, которые тоже продажа', saleHint: 'Кроме «Успешно реализовано» (142).',
    excluded: 'Этапы, которые не продажа', excludedHint: 'Сделка на таком этапе не считается продажей продукта.', utm: 'Поля amoCRM с UTM',
  },
  en: {
    what: 'A product is told by amoCRM’s stage, and where no stage is named by the deal’s price. A price outside of these is “other”.',
    products: { express: 'Express', flagship: 'Flagship' }, list: 'List price',
    listHint: 'Taken where amoCRM tells no price, and named in messages.', from: 'Price of a deal from', to: 'to, included',
    stages: 'Stages of this product', stagesHint: 'A deal at such a stage is this product whatever its price.',
    which: 'What is a sale', sale: 'Stages that are a sale too', saleHint: 'Besides “closed and won” (142).',
    excluded: 'Stages that are no sale', excludedHint: 'A deal at such a stage is no sale of a product.', utm: 'amoCRM’s fields with UTM values',
  },
};

const PRICES = ['list_price', 'from_price', 'to_price'] as const;

export function ProductsTab() {
  const texts = useTexts(TEXTS);
  const draft = useDraft('products');
  const labels = { list_price: texts.list, from_price: texts.from, to_price: texts.to };
  const nameOfPiece = (name: string) =>
    name === 'stages' ? texts.which : name === 'utm_fields' ? texts.utm : (texts.products[name as ProductRule['product']] ?? name);
  const nameOfField = (field: string) => {
    const [list = '', place, name = ''] = field.split(/[.[\]]+/);
    const product = list === 'products' ? draft.value?.products[Number(place)]?.product : undefined;
    const label = labels[name as keyof typeof labels] ?? (name === 'stages' ? texts.stages : '');
    return product ? `${texts.products[product]}, ${label}` : list === 'stages' ? texts.which : list === 'utm_fields' ? texts.utm : field;
  };
  return (
    <div className="stack">
      <p className="quiet">{texts.what}</p>
      <SectionForm draft={draft} height={900}>
        {(value, change) => {
          const set = (place: number, part: Partial<ProductRule>) =>
            change({ products: value.products.map((rule, each) => (each === place ? { ...rule, ...part } : rule)) });
          return (
            <>
              <div className="two">
                {value.products.map((rule, place) => (
                  <Card key={rule.product} title={texts.products[rule.product]}>
                    <div className="fields">
                      {PRICES.map((price) => (
                        <NumberField
                          key={price} path={`products[${place}].${price}`} label={labels[price]} unit="₸" value={rule[price]}
                          hint={price === 'list_price' ? texts.listHint : undefined} onChange={(amount) => set(place, { [price]: amount })}
                        />
                      ))}
                    </div>
                    <StagePairs
                      path={`products[${place}].stages`} title={texts.stages} hint={texts.stagesHint} pairs={rule.stages}
                      onChange={(stages) => set(place, { stages })}
                    />
                  </Card>
                ))}
              </div>
              <div className="two">
                <Card title={texts.which}>
                  {(['sale', 'excluded'] as const).map((kind) => (
                    <StagePairs
                      key={kind} path={`stages.${kind}`} title={texts[kind]} hint={kind === 'sale' ? texts.saleHint : texts.excludedHint}
                      pairs={value.stages[kind]} onChange={(pairs) => change({ stages: { ...value.stages, [kind]: pairs } })}
                    />
                  ))}
                </Card>
                <Card title={texts.utm}>
                  <UtmFields key={draft.held?.version} fields={value.utm_fields} onChange={(utm_fields) => change({ utm_fields })} />
                </Card>
              </div>
            </>
          );
        }}
      </SectionForm>
      <SaveBar drafts={[draft]} nameOfPiece={(_, name) => nameOfPiece(name)} nameOfField={nameOfField} />
      <PreviewCard draft={draft} />
      <ApplyCard isChanged={draft.isChanged} />
    </div>
  );
}
